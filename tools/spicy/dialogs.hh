// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"

#include <gtk/gtk.h>

#include <string>

namespace spicy {

// A small window with entries, a button to go on and one to cancel. Owned by the viewer, who deletes it after it
// answered. Closing it is cancelling.
class FormDialog {
public:
    FormDialog(GtkApplication *app, GtkWindow *parent, const char *title, const char *accept);
    FormDialog(const FormDialog &) = delete;
    FormDialog &operator=(const FormDialog &) = delete;
    virtual ~FormDialog();
    void present();

protected:
    GtkWidget *add_row(const char *label, GtkWidget *entry);
    void set_message(const char *text); // above the entries
    virtual void accepted() = 0;        // may delete this
    virtual void cancelled() = 0;       // may delete this

private:
    void accept_clicked() { accepted(); }
    void cancel_clicked() { cancelled(); }
    gboolean close_requested() {
        cancelled();
        return TRUE;
    }
    GtkWindow *window_;
    GtkWidget *message_, *grid_;
    int rows_ = 0;
    spice::gtk::Connection on_accept_, on_cancel_, on_close_;
};

class PasswordDialog final : public FormDialog {
public:
    struct Host {
        virtual void password_given(const std::string &user, const std::string &password) = 0;
        virtual void password_refused() = 0;

    protected:
        ~Host() = default;
    };
    struct Wanted {
        bool user = false, password = true;
    };
    PasswordDialog(GtkApplication *app, GtkWindow *parent, Wanted wanted, const std::string &message, Host &host);

private:
    void accepted() override;
    void cancelled() override { host_.password_refused(); }
    Host &host_;
    GtkWidget *user_ = nullptr, *password_ = nullptr;
};

struct Address {
    std::string host, port, tls_port, password;
};

class ConnectDialog final : public FormDialog {
public:
    struct Host {
        virtual void address_given(const Address &address) = 0;
        virtual void address_refused() = 0;

    protected:
        ~Host() = default;
    };
    ConnectDialog(GtkApplication *app, Host &host);

private:
    void accepted() override;
    void cancelled() override { host_.address_refused(); }
    Host &host_;
    GtkWidget *address_, *port_, *tls_port_, *password_;
};

}
