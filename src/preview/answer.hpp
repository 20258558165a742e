// Where a preview writes what it finds. Values and labels from the file are raw bytes; names of groups, properties and
// columns are words of ours, which the window translates.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "preview/protocol.hpp"

namespace deadbox::preview {

using Cell = std::variant<std::monostate, std::int64_t, double, std::string_view>;
using Columns = std::vector<std::pair<std::string_view, Form>>;

class Answer {
public:
    virtual ~Answer() = default;
    virtual void property(std::string_view group, std::string_view name, std::string_view value) = 0;
    virtual void table(std::string_view name, std::int64_t rows, const Columns& columns) = 0;
    virtual void row(const std::vector<Cell>& cells) = 0;
    virtual void marker(std::uint64_t offset, std::uint64_t length, int depth, std::string_view label, std::string_view detail = {}) = 0;
    virtual void picture(std::uint32_t width, std::uint32_t height, std::uint32_t own_width, std::uint32_t own_height, std::string_view format) = 0;
    virtual void pixels(base::ByteView rgba) = 0;
    // Something that could not be read, or was left out.
    virtual void note(std::string_view reason) = 0;
};

}  // namespace deadbox::preview
