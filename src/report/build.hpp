// Makes the report model of a case.
#pragma once

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// digest: without the counts, the lines of logs that findings quote and the custody log, which take as long as the case is large.
enum class Extent : std::uint8_t { whole, digest };

struct BuildOptions {
    Redact redact = Redact::secrets;
    std::string tlp;  // "", clear, green, amber, amber+strict, red
    std::size_t items = k_items;
    Extent extent = Extent::whole;
};

base::Result<Report> build_report(const case_file::View& view, const Texts& texts, const BuildOptions& options);
// Is the evidence what somebody expected? Compares with the digest of that kind; unknown where the case has none.
std::optional<bool> equal_digest(const std::string& wanted, const case_file::EvidenceRow& row);
// What the container says of its acquisition, and whether the digests that it stored are those of the media.
std::optional<Acquisition> acquisition_of(const case_file::EvidenceRow& row);
base::Result<std::optional<Conclusion>> load_conclusion(const case_file::View& view);
base::Result<Counts> load_counts(const case_file::View& view);
base::Result<std::vector<NoteEntry>> load_notes(const case_file::View& view);

}  // namespace deadbox::report
