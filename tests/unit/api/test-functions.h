// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef TEST_FUNCTIONS_H
#define TEST_FUNCTIONS_H

#include <spice-client.h>

// What the parts of the program share: a wrong answer is counted with its line, and answers that are to come.
void check_at(gboolean good, const char *file, int line);
#define check(good) check_at(good, __FILE__, __LINE__)
extern int pending;
void wait_for_answers(void);

// test-functions-channels.c
void try_types(void);
void try_agent(SpiceMainChannel *channel);
void try_sound(SpiceSession *session);
void try_port(SpiceSession *session);
void try_file_task(SpiceMainChannel *channel);
void try_gl(SpiceDisplayChannel *display);

#endif
