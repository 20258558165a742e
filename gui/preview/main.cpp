// deadbox-preview: decodes one picture of the evidence and nothing else. Reads the picture's bytes from standard input,
// writes its pixels to standard output; between the two it has given up files, sockets, exec and more (src/sandbox), so
// that a picture made to break its decoder breaks only this process.
//
// Output: "DBXPREV1", then as 32-bit big-endian numbers the picture's own width and height and the width and height that
// follow, then the format's name (length, bytes), then rows of RGBA, 8 bits each, not premultiplied. The shown size is
// the picture's or smaller, at most `--side` on the longer side.
// Exit status: 0 shown, 1 not a picture that can be decoded (one line on standard error), 2 usage or no lock-down.
#include <QBuffer>
#include <QByteArray>
#include <QDataStream>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QString>

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "sandbox/lockdown.hpp"

namespace {

constexpr qint64 k_largest_input = 256ll << 20;
constexpr int k_allocation_mib = 512;
constexpr int k_default_side = 1600;
constexpr int k_largest_side = 8192;

// Raster formats alone: a vector format (SVG, PDF) is a language that can name other files.
const QList<QByteArray> k_formats{"png", "jpeg", "jpg", "gif", "bmp", "webp", "tiff", "tif", "ico", "pbm", "pgm", "ppm", "xbm", "xpm"};

// The plug-ins are shared objects: they are loaded while files may still be opened.
void load_decoders() {
    for (const auto& format : k_formats) {
        QByteArray nothing;
        QBuffer buffer(&nothing);
        buffer.open(QIODevice::ReadOnly);
        QImageReader reader(&buffer, format);
        reader.canRead();
    }
}

// Qt scales and converts on threads of its own, and a thread that starts opens a pipe: they start before none may be opened.
void start_threads() {
    qputenv("QT_NO_GLIB", "1");
    constexpr int k_side = 4096;  // large enough for work on every thread
    QImage blank(k_side, k_side, QImage::Format_RGB32);
    if (!blank.isNull()) blank = blank.scaled(k_side / 2, k_side / 2).convertToFormat(QImage::Format_RGBA8888);
}

int fail(int status, const QString& why) {
    std::fprintf(stderr, "deadbox-preview: %s\n", qUtf8Printable(why));
    return status;
}

QByteArray read_all() {
    QByteArray bytes;
    char piece[65536];
    for (;;) {
        const auto got = ::read(STDIN_FILENO, piece, sizeof piece);
        if (got <= 0) return bytes;
        bytes.append(piece, got);
        if (bytes.size() > k_largest_input) return {};
    }
}

bool write_all(const char* data, qint64 size) {
    while (size > 0) {
        const auto done = ::write(STDOUT_FILENO, data, static_cast<std::size_t>(size));
        if (done <= 0) return false;
        data += done;
        size -= done;
    }
    return true;
}

bool send(const QImage& picture, QSize own, const QByteArray& format) {
    QByteArray head("DBXPREV1");
    QDataStream out(&head, QIODevice::Append);
    out << quint32(own.width()) << quint32(own.height()) << quint32(picture.width()) << quint32(picture.height());
    out << format;
    if (!write_all(head.constData(), head.size())) return false;
    for (int row = 0; row < picture.height(); ++row) {
        if (!write_all(reinterpret_cast<const char*>(picture.constScanLine(row)), qint64(picture.width()) * 4)) return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    int side = k_default_side;
    if (argc == 3 && std::string_view(argv[1]) == "--side") {
        const std::string_view text(argv[2]);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
        if (error != std::errc() || end != text.data() + text.size() || side < 1 || side > k_largest_side)
            return fail(2, QStringLiteral("--side is a number from 1 to %1").arg(k_largest_side));
    } else if (argc != 1) {
        return fail(2, QStringLiteral("usage: deadbox-preview [--side PIXELS] < picture > pixels"));
    }

    QImageReader::setAllocationLimit(k_allocation_mib);
    load_decoders();
    start_threads();
    deadbox::sandbox::Limits limits;
#if defined(__SANITIZE_ADDRESS__)
    limits.memory = 0;  // the sanitizer's shadow needs the whole address space
#endif
    if (const auto entered = deadbox::sandbox::enter({}, limits); !entered) return fail(2, QString::fromStdString(entered.error().what));
    if (const auto closed = deadbox::sandbox::close_files(); !closed) return fail(2, QString::fromStdString(closed.error().what));

    QByteArray bytes = read_all();
    if (bytes.isEmpty()) return fail(1, QStringLiteral("no bytes, or more than %1 MiB").arg(k_largest_input >> 20));
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const auto format = reader.format();
    if (!k_formats.contains(format)) return fail(1, QStringLiteral("not a picture in a format that is decoded here"));
    const QSize own = reader.size();
    if (own.isValid() && (own.width() > side || own.height() > side)) reader.setScaledSize(own.scaled(side, side, Qt::KeepAspectRatio));
    QImage picture = reader.read();
    if (picture.isNull()) return fail(1, reader.errorString());
    if (picture.width() > side || picture.height() > side) picture = picture.scaled(side, side, Qt::KeepAspectRatio);
    picture = picture.convertToFormat(QImage::Format_RGBA8888);
    if (picture.isNull()) return fail(1, QStringLiteral("the picture is too large to convert"));
    return send(picture, own.isValid() ? own : picture.size(), format) ? 0 : 1;
}
