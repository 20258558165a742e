// A plugin::File over bytes in memory, so that a parser is tested in one line.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/byte_source.hpp"
#include "plugin/file.hpp"

namespace deadbox::test {

class MemoryFile final : public plugin::File {
public:
    MemoryFile(std::string path, std::string_view bytes);
    const plugin::FileRecord& record() const override { return m_record; }
    plugin::FileRecord& record() { return m_record; }
    base::ByteView head() const override;
    const base::ByteSource& bytes() const override { return *m_source; }
    base::Result<std::unique_ptr<plugin::Stream>> text() const override;  // as it is: nothing is decompressed
    const plugin::File* companion(std::string_view suffix) const override;
    void add_companion(std::string suffix, std::string_view bytes);

private:
    plugin::FileRecord m_record;
    std::vector<std::byte> m_bytes;
    std::unique_ptr<base::MemorySource> m_source;
    std::map<std::string, std::unique_ptr<MemoryFile>, std::less<>> m_companions;
};

}  // namespace deadbox::test
