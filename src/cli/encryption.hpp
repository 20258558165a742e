// --encrypt: what a command hands out becomes one encrypted archive. The password is never on the command line.
#pragma once

#include <string>

#include "base/function_ref.hpp"
#include "cli/command.hpp"

namespace deadbox::cli {

struct EncryptionOptions {
    bool encrypt = false;
    std::string password_file, password_variable;
};
void add_encryption_options(CLI::App& app, EncryptionOptions& options);

// What is at `output` where hand_out() fails.
enum class Failed : bool {
    nothing,  // filled elsewhere, beside it, and named so at the end; a folder there must be empty
    a_part,   // filled in place: a folder that is there is added to
};
// Calls `fill` with a folder, which exists, and leaves that folder at `output`, or an encrypted ZIP of it. An archive's
// password is asked for first; it must not exist, and nothing is left where anything fails.
base::Result<void> hand_out(const EncryptionOptions& options, const std::string& output, Failed leaves, base::FunctionRef<base::Result<void>(const std::string& folder)> fill);

}  // namespace deadbox::cli
