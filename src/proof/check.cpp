#include "proof/check.hpp"

#include <algorithm>
#include <map>

#include "proof/certificate.hpp"
#include "proof/time_stamp.hpp"

namespace deadbox::proof {
namespace {

constexpr std::uint64_t k_largest_manifest = 1ull << 30;
constexpr std::uint64_t k_largest_proof = 16 << 20;
// What lies beside the manifest and cannot stand in it.
constexpr std::string_view k_beside[] = {k_manifest, k_signature, k_cms, k_request, k_response};

class Checker {
public:
    Checker(const std::string& folder, const CheckOptions& options) : m_folder(folder), m_options(options) {}

    base::Result<FolderVerdict> run() {
        TRY_ASSIGN(const auto found, scan_folder(m_folder));
        const auto text = read(k_manifest, k_largest_manifest);
        if (!text) {
            say("manifest", Outcome::differs, "there is no manifest.json that can be read: nothing shows what this folder held" + (text.error().code == base::Errc::not_found ? "" : " (" + text.error().what + ")"));
            return std::move(m_verdict);
        }
        auto manifest = parse_manifest(*text);
        if (!manifest) {
            say("manifest", Outcome::differs, "manifest.json was changed: " + manifest.error().what);
            return std::move(m_verdict);
        }
        m_verdict.manifest = *std::move(manifest), m_verdict.readable = true;
        if (to_json(m_verdict.manifest) != *text) say("manifest", Outcome::differs, "manifest.json was changed: it is not written as Deadbox writes it");
        files(found);
        signature(*text);
        time_stamp(*text);
        return std::move(m_verdict);
    }

private:
    void say(std::string what, Outcome outcome, std::string detail) { m_verdict.checks.push_back({std::move(what), outcome, std::move(detail)}); }
    base::Result<std::string> read(std::string_view name, std::uint64_t largest) const { return read_file(m_folder + "/" + std::string(name), largest, Links::refuse); }

    void files(const std::vector<FileDigest>& found) {
        std::map<std::string_view, const FileDigest*> here;
        for (const auto& file : found) here.emplace(file.name, &file);
        std::size_t wrong = 0;
        const auto differs = [&](std::string detail) {
            ++wrong;
            say("files", Outcome::differs, std::move(detail));
        };
        for (const auto& file : m_verdict.manifest.files) {
            const auto place = here.find(file.name);
            if (place == here.end()) differs(file.name + " is missing");
            else if (place->second->sha256.empty()) differs(file.name + " is no longer a regular file");
            else if (place->second->size != file.size) differs(file.name + " was changed: it has " + std::to_string(place->second->size) + " bytes, not " + std::to_string(file.size));
            else if (place->second->sha256 != file.sha256) differs(file.name + " was changed: its SHA-256 is " + place->second->sha256 + ", not " + file.sha256);
            if (place != here.end()) here.erase(place);
        }
        for (const auto& [name, file] : here)
            if (file->sha256.empty()) differs(std::string(name) + " is no regular file");
            else if (std::find(std::begin(k_beside), std::end(k_beside), name) == std::end(k_beside)) differs(std::string(name) + " was added: the manifest does not know it");
        if (wrong == 0) say("files", Outcome::holds, std::to_string(m_verdict.manifest.files.size()) + " files have the sizes and SHA-256 that the manifest lists; none is missing, none was added");
    }

    void signature(const std::string& text) {
        const auto& manifest = m_verdict.manifest;
        const auto raw = read(k_signature, k_largest_proof), cms = read(k_cms, k_largest_proof);
        if (manifest.kind == SignatureKind::none) {
            if (raw || cms) return say("signature", Outcome::differs, "there is a signature, but the manifest names no signer: the manifest was changed");
            if (!m_options.signer.empty()) return say("signature", Outcome::differs, "there is no signature, though one was expected");
            return say("signature", Outcome::outside, "it is not signed: whoever can write here can make files and manifest anew. Compare the SHA-256 of manifest.json with one that was written down elsewhere");
        }
        const bool ed25519 = manifest.kind == SignatureKind::ed25519;
        const auto& own = ed25519 ? raw : cms;
        if (ed25519 ? cms.has_value() : raw.has_value()) say("signature", Outcome::differs, std::string(ed25519 ? k_cms : k_signature) + " was added: the manifest names a signature of another kind");
        if (!own) return say("signature", Outcome::differs, std::string(ed25519 ? k_signature : k_cms) + " is missing: the signature was removed");
        const auto pem = read(k_public, k_largest_proof);
        const auto signer = pem ? parse_public(*pem) : tl::unexpected(pem.error());
        if (!signer || signer->certificates.empty() != ed25519) return say("signature", Outcome::differs, "signer.pem was changed or is missing: the signature cannot be checked with it");
        if (fingerprint(*signer) != manifest.fingerprint) return say("signature", Outcome::differs, "signer.pem is not the signer that the manifest names: the key was swapped");
        std::string when;
        if (ed25519) {
            if (!verify(signer->key, text, *own)) return say("signature", Outcome::differs, "the signature does not fit manifest.json: manifest, signature or key was changed");
        } else {
            const auto verdict = verify_cms(*signer, text, *own);
            if (!verdict.good) return say("signature", Outcome::differs, "the signature does not fit manifest.json: " + verdict.reason);
            if (!verdict.signed_at.empty()) when = ", at " + verdict.signed_at + " by the signer's own clock";
        }
        say("signature", Outcome::holds, "manifest.json was signed by " + (ed25519 ? "the key " : "the certificate of " + manifest.subject + ", fingerprint ") + manifest.fingerprint + when);
        who(*signer);
    }

    // Is it whom the reader expects? The folder alone cannot tell.
    void who(const Signer& signer) {
        const auto& fingerprint_here = m_verdict.manifest.fingerprint;
        if (!m_options.signer.empty()) {
            const auto expected = parse_public(m_options.signer);
            auto wanted = expected ? fingerprint(*expected) : m_options.signer;
            std::erase_if(wanted, [](unsigned char c) { return c == ':' || std::isspace(c) != 0; });
            std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            const bool same = wanted == fingerprint_here;
            say("signer", same ? Outcome::holds : Outcome::differs, same ? "it is the signer whom you named" : "it was signed by another than you named: everything may have been made anew");
        } else if (fingerprint_here == m_options.own) {
            say("signer", Outcome::holds, "it is the key of this workstation");
            say("signer", Outcome::outside, "whoever works at this workstation can make all of it anew and sign with this key too: only what was kept elsewhere, a time stamp or a custody head that was written down, shows that nobody did");
        } else if (m_options.authorities.empty()) {
            say("signer", Outcome::outside, "whoever can write here can make all of it anew and sign with a key of their own: compare the fingerprint " + fingerprint_here + " with the one that the examiner gave you elsewhere (--signer)");
        }
        if (m_options.authorities.empty()) return;
        if (signer.certificates.empty()) return say("signer", Outcome::not_checkable, "a bare key is certified by nobody; --signer-ca is for certificates");
        const auto reason = certified_by(signer, m_options.authorities, 0);
        say("signer", reason.empty() ? Outcome::holds : Outcome::differs, reason.empty() ? "an authority that you named certified the signer's certificate" : "no authority that you named certified the signer's certificate: " + reason);
    }

    void time_stamp(const std::string& text) {
        const auto request = read(k_request, k_largest_proof);
        if (!request) say("time stamp", Outcome::differs, "manifest.json.tsq is missing");
        else if (*request != time_stamp_request(text)) say("time stamp", Outcome::differs, "manifest.json.tsq was changed, or is about another manifest.json");
        auto response = m_options.response;
        if (response.empty()) {
            auto beside = read(k_response, k_largest_proof);
            if (!beside && beside.error().code == base::Errc::not_found)
                return say("time stamp", Outcome::outside, "there is no time stamp: only an authority's answer to manifest.json.tsq (--timestamp) can show when this was signed");
            if (!beside) return say("time stamp", Outcome::not_checkable, beside.error().what);
            response = *std::move(beside);
        }
        const auto verdict = check_time_stamp(text, response, m_options.stamp_authorities);
        if (!verdict.good) return say("time stamp", Outcome::differs, "the time stamp does not hold: " + verdict.reason);
        if (!verdict.distrust.empty()) return say("time stamp", Outcome::differs, "no authority that you named certified the time stamp's signer: " + verdict.distrust);
        say("time stamp", Outcome::holds, "manifest.json existed at " + verdict.time + ", says " + verdict.authority + " (stamp " + verdict.serial + ")");
        if (!verdict.trusted) say("time stamp", Outcome::outside, "whether that authority is one cannot be told from here: give its certificate with --timestamp-ca");
    }

    const std::string& m_folder;
    const CheckOptions& m_options;
    FolderVerdict m_verdict;
};

}  // namespace

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::holds: return "holds";
        case Outcome::differs: return "differs";
        case Outcome::not_checkable: return "not checkable";
        case Outcome::outside: return "outside";
    }
    return "";
}

base::Result<FolderVerdict> check_folder(const std::string& folder, const CheckOptions& options) { return Checker(folder, options).run(); }

}  // namespace deadbox::proof
