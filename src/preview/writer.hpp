// An answer as frames.
#pragma once

#include "preview/answer.hpp"

namespace deadbox::preview {

// Rows and markers over the bounds of the protocol are left out, with a note.
class Writer final : public Answer {
public:
    explicit Writer(int out) : m_out(out) {}
    void property(std::string_view group, std::string_view name, std::string_view value) override;
    void table(std::string_view name, std::int64_t rows, const Columns& columns) override;
    void row(const std::vector<Cell>& cells) override;
    void marker(std::uint64_t offset, std::uint64_t length, int depth, std::string_view label, std::string_view detail) override;
    void picture(std::uint32_t width, std::uint32_t height, std::uint32_t own_width, std::uint32_t own_height, std::string_view format) override;
    void pixels(base::ByteView rgba) override;
    void note(std::string_view reason) override;
    void end(std::int64_t after);
    void failed(std::string_view what);

private:
    void send(const std::string& frame);
    int m_out;
    std::size_t m_markers = 0;
};

}  // namespace deadbox::preview
