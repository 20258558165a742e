// What an entry of the custody log says besides its action, in the report's language.
#pragma once

#include <string>
#include <string_view>

#include "report/texts.hpp"

namespace deadbox::report {

// `details`: the entry's JSON object. "what: value; what: value"; what has no value is left out. Names of tables, digests and what people
// wrote stand as they are.
std::string custody_words(std::string_view details, const Texts& texts);

}  // namespace deadbox::report
