#include "cli/signing.hpp"

#include <CLI/CLI.hpp>

#include "cli/output.hpp"

namespace deadbox::cli {

void add_signing_options(CLI::App& app, SigningOptions& options) {
    constexpr const char* k_group = "Signature";
    app.add_option("--sign-key", options.key, "Sign with this key (PEM): Ed25519, or the key of --sign-cert. Without it: the workstation's own Ed25519 key, made when it is first needed in ~/.config/deadbox/signing-key.pem")->group(k_group);
    app.add_option("--sign-cert", options.certificate, "Sign as CMS with this certificate (PEM; those above it may follow in the same file)")->group(k_group);
    app.add_flag("--unsigned", options.unsigned_folder, "Write the manifest without a signature")->group(k_group);
}

base::Result<std::optional<proof::Signer>> signer_of(const Context& context, const SigningOptions& options) {
    if (!options.certificate.empty() && options.key.empty()) return base::fail(base::Errc::usage, "--sign-cert goes with --sign-key");
    if (options.unsigned_folder) return std::optional<proof::Signer>();
    if (!options.key.empty()) {
        auto signer = proof::load_signer(options.key, options.certificate);
        if (!signer) return base::fail(base::Errc::usage, signer.error().what);
        return std::optional(*std::move(signer));
    }
    auto own = proof::default_signer();
    if (own) return std::optional(*std::move(own));
    complain(context, "unsigned", "it will not be signed: " + own.error().what, Level::warning);
    return std::optional<proof::Signer>();
}

std::string tool_name() { return "deadbox " DEADBOX_VERSION; }

}  // namespace deadbox::cli
