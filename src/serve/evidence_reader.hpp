// Bytes of the evidence on demand, through a locked-down child: for cat, extract, verify and the window's viewers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "base/gap.hpp"
#include "case/database.hpp"
#include "case/same_evidence.hpp"
#include "ipc/pool.hpp"

namespace deadbox::serve {

// What an evidence argument turned out to be.
struct MediaDescription {
    std::string argument, format, identity, acquisition;  // acquisition: JSON or ""
    std::string marks;                                    // as case/same_evidence.hpp has them; only of the evidence of a case
    std::size_t index = 0;  // of its argument
    std::uint64_t size = 0;
    std::vector<std::string> files;
};
struct VolumeDescription {
    std::size_t media = 0;  // index of its argument
    std::string id, scheme, type, name, filesystem, label, uuid, journal, system;  // system: its name, "" when there is none
    std::uint64_t start = 0, size = 0;
    bool clean = true;
    std::int64_t tree = -1;
};
struct Description {
    std::vector<MediaDescription> media;
    std::vector<VolumeDescription> volumes;
    std::vector<base::Gap> gaps;
};

struct MediaDigests {
    std::string md5, sha1, sha256;  // raw bytes; the first two only where asked for
    std::uint64_t bytes = 0;
    std::vector<std::string> files;       // SHA-256 of each file that holds the media, "" where it cannot be read; none of a raw image
    std::vector<std::string> unreadable;  // ranges hashed as zeros, in words
};

// What becomes of evidence that is not that of the case.
enum class OtherEvidence : std::uint8_t {
    refused,
    told,  // same_as_case() says so: who asks what differs reads on
};

class EvidenceReader {
public:
    // Opens what the arguments name.
    static base::Result<std::unique_ptr<EvidenceReader>> open(const std::vector<std::string>& evidence);
    // The evidence of a case, where the case says it is or at `moved`. Errc::not_found: it cannot be opened; Errc::usage: it is
    // not the same evidence.
    static base::Result<std::unique_ptr<EvidenceReader>> open_case(const case_file::Database& database, const std::vector<std::string>& moved, OtherEvidence other = OtherEvidence::refused);

    const Description& description() const { return m_description; }
    // How the evidence of a case was compared with what the case says of it.
    const case_file::SameEvidence& same_as_case() const { return m_same; }
    // Calls `out` for the content of an inode piece by piece; stops early where `out` answers stop.
    base::Result<void> read(std::int64_t tree, std::uint64_t inode, std::uint64_t offset, std::uint64_t length,
                            base::FunctionRef<base::Next(base::ByteView)> out);
    base::Result<MediaDigests> digest(std::size_t media, bool all);

private:
    explicit EvidenceReader(std::unique_ptr<ipc::Pool> pool) : m_pool(std::move(pool)) {}
    static base::Result<std::unique_ptr<EvidenceReader>> open(ipc::PoolOptions options);
    base::Result<void> describe();
    // Hands messages to `take` until it answers true.
    base::Result<void> until(const std::function<bool(ipc::Message&)>& take);
    std::unique_ptr<ipc::Pool> m_pool;
    Description m_description;
    case_file::SameEvidence m_same;
    std::uint64_t m_request = 0;
};

}  // namespace deadbox::serve
