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

// Calls `fill` with a folder, which exists, and leaves that folder at `output`, or an encrypted ZIP of it. An archive's
// password is asked for first; it must not exist, and nothing is left where anything fails.
base::Result<void> hand_out(const EncryptionOptions& options, const std::string& output, base::FunctionRef<base::Result<void>(const std::string& folder)> fill);

}  // namespace deadbox::cli
