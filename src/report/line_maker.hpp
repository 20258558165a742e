// Makes lines of a timeline out of rows of the case: names, messages and what refers to them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/glob.hpp"
#include "report/redaction.hpp"
#include "report/timeline_lines.hpp"

namespace deadbox::report {

// The bits of a file time's `what`, and the type of its line.
inline constexpr std::array<std::string_view, 5> k_file_times{"Content modified", "Last access", "Metadata changed", "Created", "Deleted"};
inline constexpr std::string_view k_file_type = "file.times";

// The name of a kind of events, in the language of the texts.
std::string name_of_kind(const Texts& texts, const case_file::EventKind& kind);

// Keeps its statements; use it from one thread, while `view` and `texts` live.
class LineMaker {
public:
    static base::Result<LineMaker> open(const case_file::View& view, const Texts& texts, const TimelineOptions& options);
    // With one that is loaded already: it goes through all names of a case. options.redact is the redactor's.
    static base::Result<LineMaker> open(const case_file::View& view, const Texts& texts, const TimelineOptions& options, Redactor redactor);

    const std::map<std::int64_t, case_file::EventKind>& kinds() const { return m_kinds; }
    // visit(line) for each line of the row that the options want: one for each name of a file, one for an event.
    base::Result<base::Next> make(const case_file::TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit);
    // What a row is, in the language of the texts: a line's timestamp_desc is in English, for other programs.
    std::string what(const case_file::TimelineRow& row) const;

private:
    LineMaker(const case_file::View& view, const Texts& texts, const TimelineOptions& options, case_file::InodeNames names, Redactor redactor)
        : m_view(view), m_texts(texts), m_options(options), m_names(std::move(names)), m_redactor(std::move(redactor)) {}
    base::Result<base::Next> file(const case_file::TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit);
    base::Result<base::Next> event(const case_file::TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit);
    void place(std::int64_t inode, TimelineLine& line) const;
    base::Result<void> findings(const case_file::TimelineRow& row, TimelineLine& line);
    // `path`: the file's, or its log's, as it is on the machine; texts are searched as they are shown.
    bool wanted(const TimelineLine& line, std::string_view path) const;

    const case_file::View& m_view;
    const Texts& m_texts;
    TimelineOptions m_options;
    case_file::InodeNames m_names;
    std::map<std::int64_t, case_file::EventKind> m_kinds;
    std::map<std::int64_t, std::pair<std::optional<std::int64_t>, std::string>> m_trees;  // system, volume
    bool m_has_items = false;
    case_file::Statement m_items;
    std::optional<base::Glob> m_path;
    std::string m_contains;
    Redactor m_redactor;
    TimelineLine m_line;
};

}  // namespace deadbox::report
