// The validation record: what was expected, what was found, and on what workstation.
#pragma once

#include <string>
#include <vector>

#include "cli/workstation.hpp"
#include "report/texts.hpp"

namespace deadbox::cli {

enum class Verdict : std::uint8_t { passed, failed, not_run };
std::string_view name_of(Verdict verdict);  // "passed", "failed", "not run"

struct Trial {
    std::string image, what, expected, found;
    Verdict verdict = Verdict::passed;
};
struct TriedImage {
    std::string id, description, media_sha256;
    std::uint64_t seconds = 0;
};
struct ValidationRecord {
    std::string tool, started, finished, examiner;
    Workstation workstation;
    std::vector<TriedImage> images;
    std::vector<Trial> trials;

    std::size_t count(Verdict verdict) const;
};

// validation.json; resources/schema/validation.json describes it.
std::string record_json(const ValidationRecord& record);
// The same for people, in the markup of cover_page.hpp.
std::string record_page(const ValidationRecord& record);

}  // namespace deadbox::cli
