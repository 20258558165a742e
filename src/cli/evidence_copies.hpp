// Copies of files of the evidence in a folder, each under its own path, with a list of what they are. Nothing is written
// outside of the folder: every step below it is opened by name without following links.
//   manifest.sha256  what `sha256sum -c` reads
//   files.jsonl      for each file: {"copy": name in the folder or null, "sha256": of the copy, "matches": whether the case
//                    has the same digest (null: it has none), "findings": [...], "file": as `ls --json` has it}
#pragma once

#include <set>
#include <string>

#include "base/descriptor.hpp"
#include "case/export_names.hpp"
#include "case/machine_folders.hpp"
#include "case/view_files.hpp"
#include "cli/file_json.hpp"
#include "proof/seal_folder.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {

inline constexpr std::string_view k_files_list = "files.jsonl";

class EvidenceCopies {
public:
    // `folder` exists and holds no earlier export (Errc::usage). The others must outlive the copies. Of a case of several machines each
    // has a folder of its own, named after it: what lies side by side is of one machine.
    static base::Result<EvidenceCopies> begin(const case_file::View& view, const case_file::Files& files, serve::EvidenceReader& reader, const std::string& folder, case_file::NameRules rules);

    // Every line of the list carries this marking from now on (amber, red ...).
    void mark(std::string tlp) { m_tlp = std::move(tlp); }
    // Copies a regular file; what is none is listed alone. The error says why there is no (whole, right) copy; others can
    // still be added.
    base::Result<void> add(const case_file::FileDetail& file, const std::set<std::string>& findings);
    // Writes the lists. What the folder holds now, lists included.
    base::Result<std::vector<proof::FileDigest>> finish();

    std::size_t count() const { return m_copies.size(); }
    const std::string& hash_lines() const { return m_hash_list; }
    const std::string& json_lines() const { return m_lines; }

private:
    EvidenceCopies(const case_file::Files& files, serve::EvidenceReader& reader, std::string folder, base::Descriptor root, case_file::NameRules rules)
        : m_files(files), m_reader(reader), m_folder(std::move(folder)), m_root(std::move(root)), m_names(rules) {}
    base::Result<proof::FileDigest> copy(const case_file::FileDetail& file, std::string& problem);

    const case_file::Files& m_files;
    serve::EvidenceReader& m_reader;
    std::string m_folder;
    base::Descriptor m_root;
    case_file::ExportNames m_names;
    VolumeLabels m_volumes;
    case_file::MachineFolders m_machines;
    std::vector<proof::FileDigest> m_copies;
    std::string m_hash_list, m_lines, m_tlp;
};

// Writes the lists of the copies and closes their folder.
base::Result<void> seal_export(const case_file::View& view, EvidenceCopies& copies, const std::string& folder, const std::optional<proof::Signer>& signer);

}  // namespace deadbox::cli
