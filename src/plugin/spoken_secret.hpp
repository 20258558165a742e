// Secrets in sentences: "the password of root is Kastanie7!", "Kennwort lautet ...". Only for what people wrote into a case: in
// a log the same words are the program's.
#pragma once

#include <string_view>
#include <vector>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// In order, not overlapping: within a sentence, the first word behind one that means a password that is quoted, or that no
// language has: letters with digits or signs.
std::vector<SecretSpan> spoken_secrets(std::string_view text);

}  // namespace deadbox::plugin
