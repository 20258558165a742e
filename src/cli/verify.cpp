// deadbox verify: evidence, custody chain and case tables against their hashes.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/seal.hpp"
#include "case/view.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {
namespace {

struct Check {
    std::string what;
    std::string outcome;  // "holds", "differs", "not checkable"
    std::string detail;
};

class Verify final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_flag("--quick", m_quick, "Leave the media out");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)");
        app.add_option("--anchor", m_anchor, "A custody head that was written down outside of the case (hexadecimal, as each report prints it)");
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        std::vector<Check> checks;
        TRY(chain(view, checks));
        TRY_ASSIGN(const auto differences, case_file::differences(view.database()));
        for (const auto& difference : differences) checks.push_back({"case", "differs", difference});
        if (differences.empty()) checks.push_back({"case", "holds", "every table is as it was when the analysis ended"});
        TRY(media(view, checks));
        bool differs = false;
        for (const auto& check : checks) {
            differs = differs || check.outcome == "differs";
            if (!context.json) {
                if (!context.quiet || check.outcome == "differs") print(fmt::format("{:<9} {:<13} {}\n", check.what, check.outcome, report::visible(check.detail)));
                continue;
            }
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().member("what", check.what).member("outcome", check.outcome).member("detail", check.detail).end_object();
            print(line += '\n');
        }
        return differs ? Exit::case_unusable : Exit::done;
    }

private:
    base::Result<void> chain(const case_file::View& view, std::vector<Check>& checks) const {
        TRY_ASSIGN(const auto verdict, case_file::verify_chain(view.database()));
        if (verdict.first_broken) {
            checks.push_back({"custody", "differs", fmt::format("custody row {} does not follow from the one before it", *verdict.first_broken)});
            return {};
        }
        const auto head = base::to_hex(base::ByteView(verdict.head));
        if (m_anchor.empty()) {
            checks.push_back({"custody", "holds", fmt::format("{} entries are consistent; head {}. Only a head that was written down elsewhere can show that the whole chain was not made anew or cut short (--anchor)", verdict.entries, head)});
            return {};
        }
        bool found = false;
        TRY(case_file::custody_entries(view.database(), [&](const case_file::CustodyEntry& entry) {
            found = found || base::to_hex(base::ByteView(entry.hash)) == m_anchor;
            return found ? base::Next::stop : base::Next::go_on;
        }));
        checks.push_back({"custody", found ? "holds" : "differs", found ? "the anchor stands in the chain" : "the anchor does not stand in the chain: rows were cut off, or the chain was made anew"});
        return {};
    }

    base::Result<void> media(const case_file::View& view, std::vector<Check>& checks) const {
        TRY_ASSIGN(const auto evidence, case_file::evidence(view));
        if (m_quick) {
            checks.push_back({"evidence", "not checkable", "left out by --quick"});
            return {};
        }
        const auto reader = serve::EvidenceReader::open_case(view.database(), m_evidence);
        if (!reader) {
            // Files that are there and do not open as they did have changed; files that are elsewhere cannot be checked.
            bool there = true;
            for (std::size_t i = 0; i < evidence.size(); ++i) {
                if (!evidence[i].error.empty() || evidence[i].files.empty()) continue;
                const auto& place = i < m_evidence.size() ? m_evidence[i] : evidence[i].files.front().path;
                there = there && ::access(place.c_str(), R_OK) == 0;
            }
            checks.push_back({"evidence", there ? "differs" : "not checkable", reader.error().what});
            return {};
        }
        std::size_t opened = 0;
        for (const auto& row : evidence) {
            const auto name = row.files.empty() ? std::to_string(row.id) : row.files.front().path;
            if (!row.error.empty()) {
                checks.push_back({"evidence", "not checkable", name + ": " + row.error});
                continue;
            }
            const std::size_t i = opened++;
            if (row.media_sha256.empty()) {
                checks.push_back({"evidence", "not checkable", name + ": the case has no digest of its media"});
                continue;
            }
            TRY_ASSIGN(const auto digests, (*reader)->digest(i, false));
            const bool same = base::to_hex(digests.sha256) == row.media_sha256;
            checks.push_back({"evidence", same ? "holds" : "differs", name + (same ? ": SHA-256 of the media is " + row.media_sha256 : ": the media has changed")});
            for (std::size_t place = 0; place < digests.files.size() && place < row.files.size(); ++place) {
                const auto& file = row.files[place];
                if (file.sha256.empty()) continue;
                const bool whole = base::to_hex(digests.files[place]) == file.sha256;
                checks.push_back({"evidence", whole ? "holds" : "differs", file.path + (whole ? ": SHA-256 of the file is " + file.sha256 : ": the file has changed")});
            }
        }
        return {};
    }

    std::string m_case, m_anchor;
    std::vector<std::string> m_evidence;
    bool m_quick = false;
};

}  // namespace

std::unique_ptr<Command> make_verify() { return std::make_unique<Verify>(); }

}  // namespace deadbox::cli
