// A real case file in a temporary folder: files with metadata, parsers run into it, detectors run over it.
#pragma once

#include <QTemporaryDir>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "case/database.hpp"
#include "case/writer.hpp"
#include "plugin/detector.hpp"
#include "plugin/parser.hpp"
#include "support/memory_file.hpp"

namespace deadbox::test {

struct FileSpec {
    std::string path;           // absolute; folders above are made as needed
    std::string bytes;          // content: hashed when digests is true
    int type = 1;               // 1 file, 2 directory, 3 symlink
    std::uint32_t mode = 0644, uid = 0, gid = 0;
    std::int64_t modified = 1'700'000'000, changed = 1'700'000'000, born = 1'700'000'000;
    std::uint32_t modified_ns = 0, changed_ns = 123, born_ns = 123;
    std::string target;         // of a symlink
    std::string content_type;
    std::uint64_t size = 0;     // 0: bytes.size()
    std::vector<std::pair<std::string, std::string>> attributes;
    bool allocated = true;
    bool digests = true;
    std::vector<std::pair<std::string, std::string>> companions;  // suffix as the parser declares it, bytes
    std::int64_t same_inode = 0;  // a hard link to the file that add() gave this row id
};

struct FoundFinding {
    std::string id, rule, subject;
    int severity = 0;    // 0 info .. 4 critical
    int confidence = 0;  // 0 possible .. 2 certain
    std::int64_t item_count = 0;
    std::optional<std::int64_t> first_s;
    nlohmann::json arguments;
    struct Item {
        std::string path, key, excerpt;
        std::optional<std::int64_t> line;
        nlohmann::json reference;
    };
    std::vector<Item> items;
};

// Every call that fails throws std::runtime_error: a test then fails with the text.
class CaseFixture {
public:
    CaseFixture();
    ~CaseFixture();
    std::int64_t add(const FileSpec& spec);  // the inode's row id
    // Runs a parser over the file's bytes (spec.bytes, or `bytes`), as of this path; rows and events go into the case.
    void parse(std::string_view parser, const FileSpec& spec, std::int64_t inode, const plugin::Parameters& parameters = {});
    // add() and parse() in one.
    std::int64_t add_parsed(std::string_view parser, const FileSpec& spec);
    void event(std::string_view type, std::int64_t seconds, std::string_view user, std::string_view address = {}, std::string_view arguments = {});
    void row(std::string_view table, std::vector<plugin::Value> values, std::optional<std::int64_t> inode = std::nullopt);
    void sql(const std::string& statement);
    // Runs the detector; the findings that stand in the case after it, of this detector, ordered by rule and subject.
    std::vector<FoundFinding> detect(std::string_view detector);
    const case_file::Database& database() const { return *m_database; }
    std::string path() const;

private:
    std::int64_t folder(const std::string& path);
    QTemporaryDir m_folder;
    std::unique_ptr<case_file::Database> m_database;
    std::unique_ptr<case_file::Writer> m_writer;
    std::uint64_t m_next_inode = 10;
    int m_units = 0;
};

}  // namespace deadbox::test
