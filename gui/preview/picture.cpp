#include "picture.hpp"

#include <QBuffer>
#include <QByteArray>
#include <QImage>
#include <QImageReader>
#include <QString>

namespace deadbox::preview {
namespace {

constexpr std::uint64_t k_largest_input = 256ull << 20;
constexpr int k_allocation_mib = 512;

// Raster formats alone: a vector format (SVG, PDF) is a language that can name other files.
const QList<QByteArray>& formats() {
    static const QList<QByteArray> all{"png", "jpeg", "jpg", "gif", "bmp", "webp", "tiff", "tif", "ico", "pbm", "pgm", "ppm", "xbm", "xpm"};
    return all;
}

base::Result<QByteArray> read_all(const base::ByteSource& source) {
    if (source.size() == 0 || source.size() > k_largest_input) return base::fail(base::Errc::limit, "no bytes, or more than " + std::to_string(k_largest_input >> 20) + " MiB");
    QByteArray bytes(static_cast<qsizetype>(source.size()), '\0');
    TRY_ASSIGN(const std::size_t got, source.read_at(0, {reinterpret_cast<std::byte*>(bytes.data()), static_cast<std::size_t>(bytes.size())}));
    bytes.truncate(static_cast<qsizetype>(got));
    return bytes;
}

}  // namespace

void prepare_pictures() {
    QImageReader::setAllocationLimit(k_allocation_mib);
    // The plug-ins are shared objects: they are loaded while files may still be opened.
    for (const auto& format : formats()) {
        QByteArray nothing;
        QBuffer buffer(&nothing);
        buffer.open(QIODevice::ReadOnly);
        QImageReader reader(&buffer, format);
        reader.canRead();
    }
    // Qt scales and converts on threads of its own, and a thread that starts opens a pipe: they start before none may be opened.
    qputenv("QT_NO_GLIB", "1");
    constexpr int k_side = 4096;  // large enough for work on every thread
    QImage blank(k_side, k_side, QImage::Format_RGB32);
    if (!blank.isNull()) blank = blank.scaled(k_side / 2, k_side / 2).convertToFormat(QImage::Format_RGBA8888);
}

base::Result<std::int64_t> picture(const Order& order, const Sources& sources, Answer& answer) {
    TRY_ASSIGN(QByteArray bytes, read_all(*sources.front()));
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const auto format = reader.format();
    if (!formats().contains(format)) return base::fail(base::Errc::unsupported, "not a picture in a format that is decoded here");
    QSize own = reader.size();
    if (own.isValid() && (own.width() > order.side || own.height() > order.side)) reader.setScaledSize(own.scaled(order.side, order.side, Qt::KeepAspectRatio));
    QImage picture = reader.read();
    if (picture.isNull()) return base::fail(base::Errc::corrupt, reader.errorString().toStdString());
    if (!own.isValid()) own = picture.size();
    if (picture.width() > order.side || picture.height() > order.side) picture = picture.scaled(order.side, order.side, Qt::KeepAspectRatio);
    picture = picture.convertToFormat(QImage::Format_RGBA8888);
    if (picture.isNull()) return base::fail(base::Errc::limit, "the picture is too large to convert");
    answer.picture(static_cast<std::uint32_t>(picture.width()), static_cast<std::uint32_t>(picture.height()), static_cast<std::uint32_t>(own.width()), static_cast<std::uint32_t>(own.height()), {format.constData(), static_cast<std::size_t>(format.size())});
    for (int row = 0; row < picture.height(); ++row) answer.pixels({reinterpret_cast<const std::byte*>(picture.constScanLine(row)), static_cast<std::size_t>(picture.width()) * 4});
    return -1;
}

}  // namespace deadbox::preview
