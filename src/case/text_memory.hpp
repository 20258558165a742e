// The names of files and the strings of events of a case, in memory: who looks for a text after text reads them once. Each may be
// many millions; where they would take too much they are not kept, and whoever looks for a text reads the case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "case/text_finder.hpp"
#include "case/view.hpp"

namespace deadbox::case_file {

// Texts, each with an id, one behind the other in blocks: a list that grows copies nothing, so that nobody waits for it.
class TextList {
public:
    void add(std::int64_t id, std::string_view text);
    // The ids of texts that hold what is looked for, in the order in which they were added; at most so many.
    std::vector<std::int64_t> with(const TextFinder& finder, std::size_t most) const;
    std::size_t size() const { return m_size; }
    std::size_t bytes() const { return m_bytes + m_size * sizeof(Text); }

private:
    struct Text {
        std::int64_t id = 0;
        std::uint64_t end = 0;  // in its block
    };
    struct Block {
        std::string bytes;
        std::vector<Text> texts;
        void find(const TextFinder& finder, std::size_t most, std::vector<std::int64_t>& into) const;
    };
    std::vector<Block> m_blocks;
    std::size_t m_size = 0, m_bytes = 0;
};

class TextMemory {
public:
    explicit TextMemory(std::size_t most_bytes = std::size_t{256} << 20) : m_most_bytes(most_bytes) {}
    // Reads what the case has and is not here yet, at most about so many texts; true when there may be more.
    base::Result<bool> read_on(const View& view, std::int64_t texts);
    // After read_on() said that there is no more: are they here, or were they too many?
    bool is_whole() const { return !m_too_many; }
    const TextList& names() const { return m_names; }      // ids: inodes; an inode has as many as it has names
    const TextList& strings() const { return m_strings; }

private:
    // Names only come, in batches; strings only come but for a case that is made anew by another build, in a run of its own.
    struct State {
        std::int64_t run = 0, batch = 0, batches = 0;
        bool operator==(const State&) const = default;
    };
    bool is_too_much() const { return m_names.bytes() + m_strings.bytes() > m_most_bytes; }
    base::Result<void> look(const View& view);
    base::Result<bool> read_names(const View& view, std::int64_t texts);
    base::Result<bool> read_strings(const View& view, std::int64_t texts);
    void forget_names();
    void forget_strings();

    std::size_t m_most_bytes;
    std::int64_t m_version = -1;  // of the case's data, when it was last looked at
    State m_state;
    TextList m_names, m_strings;
    bool m_too_many = false, m_names_whole = false, m_strings_whole = false;
    std::int64_t m_directory = -1, m_inode = -1;  // of the last name that was read
    std::string m_name;
    std::int64_t m_string = 0;                    // the last one that was read
    std::string m_string_value;
};

}  // namespace deadbox::case_file
