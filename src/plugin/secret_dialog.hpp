// Secrets in what a client of FTP, POP3, IMAP or of a store is told behind its prompt, as scripts feed it.
#pragma once

#include <string_view>
#include <vector>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// Of the lines in [start, end) of the text, which quotes may enclose; \n of printf and $'...' ends one, too, and so does ';'.
//   ["quote" | "literal"] "user" NAME SECRET | "pass" SECRET | "login" | "logon" NAME SECRET | "auth" [NAME] SECRET
//   TAG "login" NAME SECRET (IMAP) | "open" ["-u" NAME,SECRET] HOST (lftp)
//   NAME, and in the second line SECRET: what a login asks for
void dialog_secrets(std::string_view text, std::size_t start, std::size_t end, std::vector<SecretSpan>& all);

}  // namespace deadbox::plugin
