#include "case/text_memory.hpp"

#include <algorithm>

namespace deadbox::case_file {

namespace {

constexpr std::size_t k_block_bytes = std::size_t{1} << 20, k_block_texts = std::size_t{1} << 15;

}  // namespace

void TextList::add(std::int64_t id, std::string_view text) {
    if (m_blocks.empty() || m_blocks.back().texts.size() == k_block_texts || m_blocks.back().bytes.size() + text.size() > k_block_bytes) {
        auto& block = m_blocks.emplace_back();
        block.bytes.reserve(std::max(k_block_bytes, text.size()));
        block.texts.reserve(k_block_texts);
    }
    auto& block = m_blocks.back();
    block.bytes += text;
    block.texts.push_back({id, block.bytes.size()});
    ++m_size;
    m_bytes += text.size();
}

std::vector<std::int64_t> TextList::with(const TextFinder& finder, std::size_t most) const {
    std::vector<std::int64_t> found;
    for (const auto& block : m_blocks) block.find(finder, most, found);
    return found;
}

void TextList::Block::find(const TextFinder& finder, std::size_t most, std::vector<std::int64_t>& into) const {
    if (finder.size() == 0) {
        for (std::size_t i = 0; i < texts.size() && into.size() < most; ++i) into.push_back(texts[i].id);
        return;
    }
    // All of them as one text: most is passed over in steps that know no end of a text, which is looked at where one is found.
    std::size_t place = 0;
    for (std::size_t at = 0; into.size() < most;) {
        at = finder.find(bytes, at);
        if (at == std::string_view::npos) return;
        // The text in which it begins: the next one or one far behind; steps that double are quick for both.
        std::size_t step = 1;
        for (; place + step < texts.size() && texts[place + step].end <= at; step *= 2) place += step;
        const auto from = texts.begin() + static_cast<std::ptrdiff_t>(place);
        place = static_cast<std::size_t>(std::upper_bound(from, from + static_cast<std::ptrdiff_t>(std::min(step + 1, texts.size() - place)), at, [](std::size_t value, const Text& text) { return value < text.end; }) - texts.begin());
        if (at + finder.size() <= texts[place].end) {
            into.push_back(texts[place].id);
            at = texts[place].end;
        } else {
            ++at;  // it lies over the end of a text
        }
    }
}

void TextMemory::forget_names() {
    m_names = {};
    m_directory = m_inode = -1;
    m_name.clear();
    m_names_whole = m_too_many = false;
}

void TextMemory::forget_strings() {
    m_strings = {};
    m_string = 0;
    m_string_value.clear();
    m_strings_whole = m_too_many = false;
}

// What was read before may be no longer all, or no longer true.
base::Result<void> TextMemory::look(const View& view) {
    TRY_ASSIGN(const auto version, view.data_version());
    if (version == m_version) return {};
    TRY_ASSIGN(Statement row, view.prepare("SELECT (SELECT coalesce(max(id), 0) FROM run), coalesce(max(batch), 0), count(*) FROM batch_rows WHERE name IN ('name', 'directory')"));
    TRY(row.step());
    const State state{row.integer(0), row.integer(1), row.integer(2)};
    if (state != m_state) forget_names();
    bool same = state.run == m_state.run;
    if (same && m_string != 0) {
        TRY_ASSIGN(Statement last, view.prepare("SELECT value FROM string WHERE id = ?"));
        last.bind(1, m_string);
        TRY_ASSIGN(const bool there, last.step());
        same = there && last.text(0) == m_string_value;
    }
    if (!same) forget_strings();
    m_strings_whole = false;
    m_state = state;
    m_version = version;
    return {};
}

base::Result<bool> TextMemory::read_names(const View& view, std::int64_t texts) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT directory, inode, name FROM name WHERE (directory, inode, name) > (?1, ?2, ?3) ORDER BY directory, inode, name LIMIT ?4"));
    row.bind(1, m_directory).bind(2, m_inode).bind(3, m_name).bind(4, texts);
    for (std::int64_t read = 0;; ++read) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return read == texts;
        const auto name = row.text(2);
        m_directory = row.integer(0), m_inode = row.integer(1);
        m_name = name;
        m_names.add(m_inode, name);
        if (is_too_much()) return false;
    }
}

base::Result<bool> TextMemory::read_strings(const View& view, std::int64_t texts) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT id, value FROM string WHERE id > ? ORDER BY id LIMIT ?"));
    row.bind(1, m_string).bind(2, texts);
    for (std::int64_t read = 0;; ++read) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return read == texts;
        m_string = row.integer(0);
        m_string_value = row.text(1);
        m_strings.add(m_string, m_string_value);
        if (is_too_much()) return false;
    }
}

base::Result<bool> TextMemory::read_on(const View& view, std::int64_t texts) {
    TRY(look(view));
    if (m_too_many || (m_names_whole && m_strings_whole)) return false;
    bool more = false;
    if (!m_strings_whole) {
        TRY_ASSIGN(more, read_strings(view, texts));
        m_strings_whole = !more;
    } else {
        TRY_ASSIGN(more, read_names(view, texts));
        m_names_whole = !more;
    }
    if (is_too_much()) {
        forget_names();
        forget_strings();
        m_too_many = true;
        return false;
    }
    return !m_names_whole || !m_strings_whole;
}

}  // namespace deadbox::case_file
