// Who signs what a command hands out, as its options say.
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "proof/seal_folder.hpp"

namespace deadbox::cli {

struct SigningOptions {
    std::string key, certificate;
    bool unsigned_folder = false;
};
void add_signing_options(CLI::App& app, SigningOptions& options);

// Nothing with --unsigned. Nothing too where no key is given and the workstation's own cannot be made: that is complained of.
base::Result<std::optional<proof::Signer>> signer_of(const Context& context, const SigningOptions& options);

// "deadbox VERSION"
std::string tool_name();

}  // namespace deadbox::cli
