// Checks a case against itself, its evidence and what was written down of it elsewhere.
#pragma once

#include <string>
#include <vector>

#include "case/view.hpp"
#include "proof/check.hpp"

namespace deadbox::cli {

// A custody head that was kept outside of the case, and by what.
struct Anchor {
    std::string head;  // hexadecimal; or its first digits, as heads are abbreviated in print
    std::string from;  // "--anchor", "the report"
};

// The custody chain: consistent in itself, and holding each anchor.
base::Result<void> check_custody(const case_file::View& view, const std::vector<Anchor>& anchors, std::vector<proof::Check>& checks);
// Every table, against the seals in the chain.
base::Result<void> check_tables(const case_file::View& view, std::vector<proof::Check>& checks);
// What --expect-hash and the acquisition said of the evidence, against what was read.
base::Result<void> check_expected(const case_file::View& view, std::vector<proof::Check>& checks);
enum class Media : bool { read, not_opened };
// The media, against their digests. `moved`: where they are now, or empty.
base::Result<Media> check_media(const case_file::View& view, const std::vector<std::string>& moved, std::vector<proof::Check>& checks);

}  // namespace deadbox::cli
