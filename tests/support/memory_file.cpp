#include "support/memory_file.hpp"

#include <algorithm>

namespace deadbox::test {
namespace {

class MemoryStream final : public plugin::Stream {
public:
    explicit MemoryStream(base::ByteView bytes) : m_left(bytes) {}
    base::Result<std::size_t> read(base::Bytes out) override {
        const auto count = std::min(out.size(), m_left.size());
        std::copy_n(m_left.begin(), count, out.begin());
        m_left = m_left.subspan(count);
        return count;
    }

private:
    base::ByteView m_left;
};

}  // namespace

MemoryFile::MemoryFile(std::string path, std::string_view bytes) {
    const auto view = base::as_bytes(bytes);
    m_bytes.assign(view.begin(), view.end());
    m_source = std::make_unique<base::MemorySource>(m_bytes);
    m_record.path = std::move(path);
    m_record.size = bytes.size();
    m_record.mode = 0644;
}

base::ByteView MemoryFile::head() const { return base::ByteView(m_bytes).first(std::min<std::size_t>(m_bytes.size(), 65536)); }

base::Result<std::unique_ptr<plugin::Stream>> MemoryFile::text() const {
    return std::unique_ptr<plugin::Stream>(std::make_unique<MemoryStream>(m_bytes));
}

const plugin::File* MemoryFile::companion(std::string_view suffix) const {
    const auto found = m_companions.find(suffix);
    return found == m_companions.end() ? nullptr : found->second.get();
}

void MemoryFile::add_companion(std::string suffix, std::string_view bytes) {
    auto path = plugin::companion_path(m_record.path, suffix).value_or(m_record.path);
    m_companions[std::move(suffix)] = std::make_unique<MemoryFile>(std::move(path), bytes);
}

}  // namespace deadbox::test
