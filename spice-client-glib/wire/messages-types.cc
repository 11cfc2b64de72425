// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/messages-types.hh"

#include "wire/dump.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

namespace spice::wire {

void read_fields(Reader &reader, Clip &m) { reader.fields(m); }
void write_fields(Writer &writer, const Clip &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const Clip &m) { dumper.fields(m); }

void read_fields(Reader &reader, DrawBase &m) { reader.fields(m); }
void write_fields(Writer &writer, const DrawBase &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const DrawBase &m) { dumper.fields(m); }

}
