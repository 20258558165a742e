#include "preview/writer.hpp"

#include <unistd.h>

#include <algorithm>

#include "ipc/channel.hpp"
#include "ipc/frame.hpp"

namespace deadbox::preview {
namespace {

ipc::Encoder say(Say what) { return ipc::Encoder(static_cast<std::uint8_t>(what)); }

std::string cut(std::string_view text) {
    if (text.size() <= k_longest_cell) return std::string(text);
    return std::string(text.substr(0, k_longest_cell)) + "\xe2\x80\xa6";
}

}  // namespace

void Writer::send(const std::string& frame) {
    if (!ipc::write_all(m_out, frame)) ::_exit(1);  // nobody listens any more
}

void Writer::property(std::string_view group, std::string_view name, std::string_view value) {
    auto frame = say(Say::property);
    frame.put(group).put(name).put(cut(value));
    send(frame.finish());
}

void Writer::table(std::string_view name, std::int64_t rows, const Columns& columns) {
    auto frame = say(Say::table);
    frame.put(name).put(rows);
    for (const auto& [title, form] : columns) frame.put(cut(title)).put(static_cast<std::int64_t>(form));
    send(frame.finish());
}

void Writer::row(const std::vector<Cell>& cells) {
    auto frame = say(Say::row);
    for (const auto& cell : cells) {
        if (const auto* number = std::get_if<std::int64_t>(&cell)) frame.put(*number);
        else if (const auto* real = std::get_if<double>(&cell)) frame.put(*real);
        else if (const auto* text = std::get_if<std::string_view>(&cell)) frame.put(cut(*text));
        else frame.put_null();
    }
    send(frame.finish());
}

void Writer::marker(std::uint64_t offset, std::uint64_t length, int depth, std::string_view label, std::string_view detail) {
    if (++m_markers > k_most_markers) {
        if (m_markers == k_most_markers + 1) note("there are more structures than are marked");
        return;
    }
    auto frame = say(Say::marker);
    frame.put(offset).put(length).put(depth).put(label).put(cut(detail));
    send(frame.finish());
}

void Writer::picture(std::uint32_t width, std::uint32_t height, std::uint32_t own_width, std::uint32_t own_height, std::string_view format) {
    auto frame = say(Say::picture);
    frame.put(width).put(height).put(own_width).put(own_height).put(format);
    send(frame.finish());
}

void Writer::pixels(base::ByteView rgba) {
    while (!rgba.empty()) {
        const auto piece = rgba.first(std::min(rgba.size(), k_longest_piece));
        auto frame = say(Say::pixels);
        frame.put(piece);
        send(frame.finish());
        rgba = rgba.subspan(piece.size());
    }
}

void Writer::note(std::string_view reason) {
    auto frame = say(Say::note);
    frame.put(cut(reason));
    send(frame.finish());
}

void Writer::end(std::int64_t after) {
    m_markers = 0;
    auto frame = say(Say::end);
    frame.put(after);
    send(frame.finish());
}

void Writer::failed(std::string_view what) {
    m_markers = 0;
    auto frame = say(Say::failed);
    frame.put(cut(what));
    send(frame.finish());
}

}  // namespace deadbox::preview
