#include "proof/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace deadbox::proof {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view k_schema = "deadbox.manifest/1";

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string text_of(const Json& object, const char* key) {
    const auto member = object.find(key);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

}  // namespace

std::string to_json(const Manifest& manifest) {
    Json json{{"schema", k_schema}, {"content", manifest.content}, {"tool", manifest.tool}, {"case", text_or_null(manifest.case_number)}, {"custody_head", text_or_null(manifest.custody_head)}};
    for (const auto& [name, value] : manifest.parameters) json["parameters"][name] = value;
    json["signer"] = nullptr;
    if (manifest.kind != SignatureKind::none)
        json["signer"] = {{"kind", manifest.kind == SignatureKind::ed25519 ? "ed25519" : "x509"}, {"fingerprint", manifest.fingerprint}, {"subject", text_or_null(manifest.subject)}};
    auto files = manifest.files;
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    json["files"] = Json::array();
    for (const auto& file : files) json["files"].push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Result<Manifest> parse_manifest(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return base::fail(base::Errc::corrupt, "the manifest is not JSON");
    const auto schema = text_of(json, "schema");
    if (schema.starts_with("deadbox.manifest/") && schema != k_schema) return base::fail(base::Errc::unsupported, "the manifest was written by a newer Deadbox");
    const auto files = json.find("files");
    if (schema != k_schema || files == json.end() || !files->is_array()) return base::fail(base::Errc::corrupt, "this is not a manifest");
    Manifest manifest;
    manifest.content = text_of(json, "content"), manifest.tool = text_of(json, "tool"), manifest.case_number = text_of(json, "case"), manifest.custody_head = text_of(json, "custody_head");
    if (const auto parameters = json.find("parameters"); parameters != json.end() && parameters->is_object())
        for (const auto& [name, value] : parameters->items())
            if (value.is_string()) manifest.parameters.emplace_back(name, value.get<std::string>());
    if (const auto signer = json.find("signer"); signer != json.end() && signer->is_object()) {
        const auto kind = text_of(*signer, "kind");
        manifest.kind = kind == "ed25519" ? SignatureKind::ed25519 : kind == "x509" ? SignatureKind::x509 : SignatureKind::none;
        manifest.fingerprint = text_of(*signer, "fingerprint"), manifest.subject = text_of(*signer, "subject");
    }
    for (const auto& file : *files) {
        const auto size = file.is_object() ? file.find("size") : file.end();
        if (!file.is_object() || size == file.end() || !size->is_number_unsigned()) return base::fail(base::Errc::corrupt, "a file of the manifest has no size");
        manifest.files.push_back({text_of(file, "name"), size->get<std::uint64_t>(), text_of(file, "sha256")});
        if (manifest.files.back().name.empty() || manifest.files.back().sha256.size() != 64) return base::fail(base::Errc::corrupt, "a file of the manifest has no name or digest");
    }
    return manifest;
}

std::string hash_list(const std::vector<FileDigest>& files, std::string_view heading) {
    std::string text = heading.empty() ? std::string() : "# " + std::string(heading) + "\n";
    for (const auto& file : files) text += file.sha256 + "  " + file.name + "\n";
    return text;
}

}  // namespace deadbox::proof
