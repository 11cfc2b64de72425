// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/presenter.hh"

#include <epoxy/gl.h>

#include <algorithm>
#include <vector>

namespace spice::gtk {

namespace {
// For GSK's GL renderer: one texture in a context that shares with GSK's, updated rectangle by rectangle. GdkTextures
// count as immutable, so each changed frame gets a new wrapper around the same texture.
class GlPresenter final : public Presenter {
public:
    explicit GlPresenter(Ref<GdkGLContext> context) : context_{std::move(context)} {
        gdk_gl_context_make_current(context_.get());
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &max_size_);
        const bool es = gdk_gl_context_get_use_es(context_.get());
        copies_ = es && !epoxy_has_gl_extension("GL_EXT_texture_format_BGRA8888");
        internal_format_ = es ? (copies_ ? GL_RGBA : GL_BGRA_EXT) : GL_RGB8;
        es_ = es;
        gdk_gl_context_clear_current();
    }
    ~GlPresenter() override { drop(); }

    void set_frame(const Frame &frame) override {
        if (frame.width != frame_.width || frame.height != frame_.height || !frame.pixels) drop();
        frame_ = frame;
        pending_.assign(1, {0, 0, frame.width, frame.height});
    }
    void set_layout(const Layout &layout, Filter filter) override {
        layout_ = layout;
        nearest_ = wants_nearest(layout, filter);
    }
    void damage(const Rect &r) override {
        if (pending_.size() < max_rects) {
            pending_.push_back(r);
        } else { // many small rectangles: their bounding box is cheaper than as many calls
            auto &b = pending_.back();
            const int x = std::min(b.x, r.x), y = std::min(b.y, r.y);
            b = {x, y, std::max(b.x + b.w, r.x + r.w) - x, std::max(b.y + b.h, r.y + r.h) - y};
        }
    }
    void snapshot(GtkSnapshot *snapshot) override {
        if (!frame_.pixels || layout_.drawn.empty()) return;
        if (!pending_.empty()) upload();
        if (texture_) append_texture(snapshot, texture_.get(), logical_bounds(layout_, layout_.drawn), nearest_);
    }
    const char *name() const noexcept override { return "gl"; }

private:
    static constexpr std::size_t max_rects = 32;

    void upload() {
        if (frame_.width > max_size_ || frame_.height > max_size_ || copies_) {
            texture_ = copy_texture(frame_);
            pending_.clear();
            return;
        }
        gdk_gl_context_make_current(context_.get());
        const bool fresh = id_ == 0;
        if (fresh) create();
        glBindTexture(GL_TEXTURE_2D, id_);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, frame_.stride / 4);
        const Rect whole{0, 0, frame_.width, frame_.height};
        if (fresh) pending_.assign(1, whole);
        for (const auto &p : pending_) {
            const Rect r = intersect(p, whole);
            if (r.empty()) continue;
            glTexSubImage2D(GL_TEXTURE_2D, 0, r.x, r.y, r.w, r.h, es_ ? GL_BGRA_EXT : GL_BGRA,
                            es_ ? GL_UNSIGNED_BYTE : GL_UNSIGNED_INT_8_8_8_8_REV,
                            frame_.pixels + static_cast<std::ptrdiff_t>(r.y) * frame_.stride + r.x * 4);
        }
        glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
        glBindTexture(GL_TEXTURE_2D, 0);
        glFlush();
        pending_.clear();
        texture_ = Ref<GdkTexture>::take(
            gdk_gl_texture_new(context_.get(), id_, frame_.width, frame_.height, nullptr, nullptr));
        gdk_gl_context_clear_current();
    }

    void create() {
        glGenTextures(1, &id_);
        glBindTexture(GL_TEXTURE_2D, id_);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexImage2D(GL_TEXTURE_2D, 0, static_cast<GLint>(internal_format_), frame_.width, frame_.height, 0,
                     es_ ? GL_BGRA_EXT : GL_BGRA, es_ ? GL_UNSIGNED_BYTE : GL_UNSIGNED_INT_8_8_8_8_REV, nullptr);
    }

    void drop() {
        if (texture_ && id_) gdk_gl_texture_release(GDK_GL_TEXTURE(texture_.get())); // others may still hold it
        texture_ = {};
        if (!id_) return;
        gdk_gl_context_make_current(context_.get());
        glDeleteTextures(1, &id_);
        gdk_gl_context_clear_current();
        id_ = 0;
    }

    Ref<GdkGLContext> context_;
    Ref<GdkTexture> texture_;
    GLuint id_ = 0;
    GLint max_size_ = 0;
    GLenum internal_format_ = 0;
    bool es_ = false, copies_ = false, nearest_ = false;
    Frame frame_;
    Layout layout_;
    std::vector<Rect> pending_;
};
}

std::unique_ptr<Presenter> make_gl_presenter(GdkSurface *surface) {
    if (!surface) return nullptr;
    GError *error = nullptr;
    auto context = Ref<GdkGLContext>::take(gdk_surface_create_gl_context(surface, &error));
    if (context && gdk_gl_context_realize(context.get(), &error)) return std::make_unique<GlPresenter>(std::move(context));
    g_debug("no GL for the display: %s", error ? error->message : "unknown");
    g_clear_error(&error);
    return nullptr;
}

}
