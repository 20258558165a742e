// What the machines of a case are called where there are several: then everything that is said names the one that it is about.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// A host's name as it may stand in a sentence: quoted and cut where no machine can be called so.
std::string spoken_host(const std::string& raw, const Redactor& redactor);

class SystemNames {
public:
    static base::Result<SystemNames> load(const case_file::View& view, const Redactor& redactor);

    // The name of its host, with its number where two are called the same, or only that; "" where the case has one machine, or this
    // belongs to none.
    std::string of(std::optional<std::int64_t> system) const;
    // "web1: text"; the text alone where there is nothing to tell apart.
    std::string before(std::optional<std::int64_t> system, const std::string& text) const;

private:
    std::map<std::int64_t, std::string> m_names;
};

// As it is called in a sentence: by what tells it from the others, else by its host's name, else "this machine". A name that no host
// can have is said to be none.
std::string name_in_text(const ReportSystem& system, const Texts& texts);

}  // namespace deadbox::report
