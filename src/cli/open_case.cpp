#include "cli/open_case.hpp"

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {

base::Result<case_file::View> open_case(const std::string& path) {
    auto view = case_file::View::open(path);
    if (!view && (view.error().code == base::Errc::not_found || view.error().code == base::Errc::usage)) return base::fail(base::Errc::io, view.error().what);
    return view;
}

base::Result<std::unique_ptr<serve::EvidenceReader>> Command::open_evidence(const Context& context, const case_file::View& view, const std::vector<std::string>& moved) {
    auto reader = serve::EvidenceReader::open_case(view.database(), moved);
    m_lacks_evidence = !reader && reader.error().code == base::Errc::not_found;
    if (reader)
        for (const auto& what : (*reader)->same_as_case().not_compared) complain(context, "not_compared", "whether this is the evidence of the case was compared in part: " + what, Level::warning);
    return reader;
}

}  // namespace deadbox::cli
