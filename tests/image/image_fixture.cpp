#include "image/image_fixture.hpp"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QtTest>

#include <random>

namespace deadbox::test {

bool RecordingDamage::has(base::Gap::Level level, std::string_view part) const {
    for (const auto& gap : gaps)
        if (gap.level == level && gap.reason.find(part) != std::string::npos) return true;
    return false;
}

std::string RecordingDamage::text() const {
    std::string all;
    for (const auto& gap : gaps) all += gap.area + ": " + gap.reason + " [" + gap.path + "] " + gap.detail + "\n";
    return all;
}

namespace {
const QStringList& tool_folders() {
    static const QStringList folders{"/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin"};
    return folders;
}
QString find_tool(const QString& program) { return QStandardPaths::findExecutable(program, tool_folders()); }
}  // namespace

ImageFixture::ImageFixture() { Q_ASSERT(m_directory.isValid()); }

bool ImageFixture::has_tool(const QString& program) { return !find_tool(program).isEmpty(); }

bool ImageFixture::run(const QString& program, const QStringList& arguments, const QByteArray& input) const {
    QProcess process;
    process.setWorkingDirectory(m_directory.path());
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PATH", tool_folders().join(':'));
    environment.insert("LC_ALL", "C");
    environment.insert("MTOOLS_SKIP_CHECK", "1");
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(find_tool(program), arguments);
    if (!process.waitForStarted()) {
        qWarning("cannot start %s", qPrintable(program));
        return false;
    }
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(120'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        qWarning("%s %s: %s", qPrintable(program), qPrintable(arguments.join(' ')), process.readAll().constData());
        return false;
    }
    return true;
}

QByteArray ImageFixture::make_bytes(qsizetype size, quint32 seed) const {
    QByteArray bytes(size, '\0');
    std::mt19937 random(seed);
    for (qsizetype at = 0; at < size; at += 4096) {
        const auto length = std::min<qsizetype>(4096, size - at);
        switch (random() % 4) {
            case 0: break;  // zeros
            case 1: memset(bytes.data() + at, static_cast<int>(random() & 0xff), static_cast<std::size_t>(length)); break;
            default:
                for (qsizetype i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(random());
        }
    }
    return bytes;
}

void ImageFixture::write(const QString& name, const QByteArray& bytes) const {
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write %s", qPrintable(name));
}

QByteArray ImageFixture::read(const QString& name) const {
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray all_bytes(const base::ByteSource& source) {
    QByteArray bytes(static_cast<qsizetype>(source.size()), '\x5a');
    static constexpr std::size_t k_steps[] = {512, 70'001, 4096, 1 << 20, 333};
    std::uint64_t at = 0;
    for (std::size_t turn = 0; at < source.size(); ++turn) {
        const auto wanted = std::min<std::uint64_t>(k_steps[turn % 5], source.size() - at);
        const auto got = source.read_at(at, base::Bytes(reinterpret_cast<std::byte*>(bytes.data()) + at, wanted));
        if (!got || *got != wanted) {
            qWarning("reading at %llu: %s", static_cast<unsigned long long>(at), got ? "short" : got.error().what.c_str());
            return {};
        }
        at += wanted;
    }
    return bytes;
}

std::string differs(const ImageFixture& fixture, const QString& name, std::string_view format, const QByteArray& disk, RecordingDamage& damage) {
    const auto container = open_image(fixture, name, damage);
    if (!container) return "not opened: " + container.error().what;
    if (container->format != format) return "format " + container->format;
    const auto& media = *container->media;
    if (media.size() != static_cast<std::uint64_t>(disk.size())) return "size " + std::to_string(media.size());
    if (all_bytes(media) != disk) return "the bytes differ";
    // One extent, in every container the same.
    const auto extent = media.extent_at(media.size() / 2);
    if (!extent || extent->kind != base::Extent::Kind::data || extent->media != 1 || extent->logical != 0 || extent->physical != 0 || extent->length != media.size())
        return "the extent";
    if (media.extent_at(media.size())) return "an extent past the end";
    return {};
}

std::string not_refused(const ImageFixture& fixture, const QString& name, base::Errc code, std::string_view part) {
    RecordingDamage damage;
    const auto container = open_image(fixture, name, damage);
    if (!container && container.error().code == code && container.error().what.find(part) != std::string::npos) return {};
    return container ? "opened as " + container->format : std::to_string(static_cast<int>(container.error().code)) + ": " + container.error().what;
}

base::Result<image::Container> open_image(const ImageFixture& fixture, const QString& name, RecordingDamage& damage) {
    return image::open_container(fixture.std_path(name), 1, damage);
}

}  // namespace deadbox::test
