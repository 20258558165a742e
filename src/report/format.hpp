// One file of a report folder is made by one Format.
#pragma once

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "case/view.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// A file that is being written: under another name until finish(), so that a half-written report is never taken for one.
class OutputFile {
public:
    static base::Result<OutputFile> create(const std::string& folder, const std::string& name);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    void write(std::string_view text);
    struct Written {
        std::string name, sha256;
        std::uint64_t size = 0;
    };
    base::Result<Written> finish();  // an error of any write comes here

private:
    struct State;
    explicit OutputFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// Which findings the report for people tells. What is left out is said on its first page; verdict, questions and story
// stay what they are, and the formats for programs have everything.
enum class Told : std::uint8_t { all, kept, confirmed, bookmarked };  // kept: those that were not dismissed
bool is_told(const ReportFinding& finding, Told told);

struct Selection {
    std::vector<std::string> sections;  // ids of sections(); empty: all
    Told findings = Told::all;
    std::string logo;                   // a PNG's bytes as check_logo() takes them, "" for none
};
// Says what is wrong with a picture before anything is written.
base::Result<void> check_logo(std::string_view png);

struct FormatInput {
    const Report& report;
    const case_file::View& view;
    const Texts& texts;
    std::vector<OutputFile::Written> annexes = {};  // files that the report for people refers to, already written
    Selection selection = {};
};

// An annex is written, before all else, wherever the report for people is: that prints its digest.
enum class Annex : bool { no, yes };

struct Format {
    std::string_view id;         // as --format names it
    std::string_view file_name;  // in the report folder
    base::Result<void> (*write)(const FormatInput& input, OutputFile& out);
    // Instead of these two, where the case decides how many files there are.
    base::Result<std::vector<OutputFile::Written>> (*write_many)(const FormatInput& input, const std::string& folder) = nullptr;
    Annex annex = Annex::no;
};
// A format may stand in several rows: it makes several files.
std::span<const Format> formats();
inline constexpr std::string_view k_default_formats = "html,pdf,json";

base::Result<void> write_json(const FormatInput& input, OutputFile& out);
base::Result<void> write_html(const FormatInput& input, OutputFile& out);
base::Result<void> write_pdf(const FormatInput& input, OutputFile& out);
base::Result<void> write_findings_csv(const FormatInput& input, OutputFile& out);
base::Result<void> write_items_csv(const FormatInput& input, OutputFile& out);
base::Result<void> write_coverage_csv(const FormatInput& input, OutputFile& out);
base::Result<void> write_bodyfile(const FormatInput& input, OutputFile& out);
base::Result<void> write_timesketch(const FormatInput& input, OutputFile& out);
base::Result<void> write_dfxml(const FormatInput& input, OutputFile& out);
base::Result<void> write_case(const FormatInput& input, OutputFile& out);
base::Result<void> write_stix(const FormatInput& input, OutputFile& out);
base::Result<void> write_misp(const FormatInput& input, OutputFile& out);
base::Result<void> write_navigator(const FormatInput& input, OutputFile& out);
base::Result<std::vector<OutputFile::Written>> write_hashlists(const FormatInput& input, const std::string& folder);

// Writes the named formats (comma-separated ids) and manifest.sha256, which `sha256sum -c` reads. Makes the folder. `staying`:
// files of the folder that belong to the report too, in so far as they are not written anew; they are listed and returned.
base::Result<std::vector<OutputFile::Written>> write_report(const FormatInput& input, std::string_view format_ids, const std::string& folder, const std::vector<OutputFile::Written>& staying = {});
// The named formats are known: Errc::usage says which is not.
base::Result<std::vector<std::string_view>> formats_named(std::string_view format_ids);

}  // namespace deadbox::report
