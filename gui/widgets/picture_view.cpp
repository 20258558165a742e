#include "gui/widgets/picture_view.hpp"

#include <QCoreApplication>
#include <QDataStream>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace deadbox::gui {
namespace {

constexpr quint64 k_largest_picture = 48ull << 20;
constexpr int k_patience_ms = 20'000;
constexpr int k_blurred_side = 12;
constexpr quint32 k_largest_side = 8192;

}  // namespace

PictureView::PictureView(QWidget* parent) : QWidget(parent) {
    m_reveal = new QPushButton(tr("Show the picture"));
    m_reveal->setToolTip(tr("Pictures of the evidence are blurred until they are asked for"));
    m_reveal->hide();
    auto* all = new QVBoxLayout(this);
    all->addStretch(1);
    all->addWidget(m_reveal, 0, Qt::AlignHCenter);
    all->addStretch(1);
    connect(m_reveal, &QPushButton::clicked, this, [this] { set_blurred(false); });
    setAccessibleName(tr("Picture"));
    say(tr("Nothing is chosen."));
}

PictureView::~PictureView() { stop_decoder(); }

void PictureView::stop_decoder() {
    if (!m_decoder) return;
    m_decoder->disconnect(this);
    m_decoder->kill();
    m_decoder->waitForFinished(1000);
    delete m_decoder;
}

void PictureView::show_file(EvidenceBytes* bytes, qint64 inode, quint64 size) {
    if (m_source) {
        m_source->disconnect(this);
        if (m_asked) m_source->forget(m_asked);
    }
    stop_decoder();
    m_source = bytes;
    m_asked = 0;
    m_picture = m_blur = {};
    set_blurred(true);
    if (!bytes) return say(tr("Nothing is chosen."));
    if (size == 0) return say(tr("The file is empty."));
    if (size > k_largest_picture) return say(tr("The file is larger than %1 MiB and is not decoded.").arg(k_largest_picture >> 20));
    say(tr("Reading …"));
    connect(bytes, &EvidenceBytes::ready, this, [this](quint64 request, const QByteArray& content) {
        if (request == m_asked) decode(content);
    });
    connect(bytes, &EvidenceBytes::failed, this, [this](quint64 request, const QString& why) {
        if (request != m_asked) return;
        say(tr("The content could not be read."));
        Q_EMIT failed(why);
    });
    m_asked = bytes->request(inode, 0, size);
}

void PictureView::decode(const QByteArray& bytes) {
    m_asked = 0;
    m_decoder = new QProcess(this);
    m_decoder->setProgram(QCoreApplication::applicationDirPath() + QStringLiteral("/deadbox-preview"));
    connect(m_decoder, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) say(tr("The program that decodes pictures, deadbox-preview, is missing beside this one."));
    });
    connect(m_decoder, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
        if (how == QProcess::CrashExit) say(tr("This picture broke its decoder. Nothing else was harmed: it ran locked away."));
        else if (status == 0) take(m_decoder->readAllStandardOutput());
        else say(QString::fromUtf8(m_decoder->readAllStandardError()).trimmed());
        m_decoder->deleteLater();
    });
    m_decoder->start();
    m_decoder->write(bytes);
    m_decoder->closeWriteChannel();
    QTimer::singleShot(k_patience_ms, m_decoder, [this, decoder = m_decoder] {
        if (!decoder || decoder->state() == QProcess::NotRunning) return;
        decoder->kill();
        say(tr("Decoding took too long and was stopped."));
    });
}

void PictureView::take(const QByteArray& pixels) {
    QDataStream in(pixels);
    char magic[8];
    quint32 own_width = 0, own_height = 0, width = 0, height = 0;
    QByteArray format;
    if (in.readRawData(magic, sizeof magic) != sizeof magic || QByteArrayView(magic, 8) != QByteArrayView("DBXPREV1"))
        return say(tr("The decoder gave no picture."));
    in >> own_width >> own_height >> width >> height >> format;
    if (in.status() != QDataStream::Ok || width == 0 || height == 0 || width > k_largest_side || height > k_largest_side) return say(tr("The decoder gave no picture."));
    QImage picture(int(width), int(height), QImage::Format_RGBA8888);
    if (picture.isNull()) return say(tr("The picture is too large."));
    for (int row = 0; row < int(height); ++row) {
        if (in.readRawData(reinterpret_cast<char*>(picture.scanLine(row)), int(width) * 4) != int(width) * 4) return say(tr("The decoder gave no picture."));
    }
    m_picture = picture;
    m_blur = picture.scaled(k_blurred_side, k_blurred_side, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
    m_words = tr("%1, %2 × %3 pixels").arg(QString::fromLatin1(format)).arg(own_width).arg(own_height);
    m_reveal->setVisible(m_blurred);
    update();
    Q_EMIT shown();
}

void PictureView::set_blurred(bool blurred) {
    m_blurred = blurred;
    m_reveal->setVisible(blurred && !m_picture.isNull());
    update();
}

void PictureView::say(const QString& words) {
    m_words = words;
    m_reveal->hide();
    update();
}

void PictureView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    const int line = fontMetrics().height() + 8;
    painter.setPen(palette().color(QPalette::PlaceholderText));
    if (m_picture.isNull()) {
        painter.drawText(rect().adjusted(12, 12, -12, -12), int(Qt::AlignCenter) | int(Qt::TextWordWrap), m_words);
        return;
    }
    const QRect space = rect().adjusted(8, 8, -8, -8 - line);
    QSize size = m_picture.size();
    if (size.width() > space.width() || size.height() > space.height()) size.scale(space.size(), Qt::KeepAspectRatio);
    const QRect place(space.center() - QPoint(size.width() / 2, size.height() / 2), size);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(place, m_blurred ? m_blur : m_picture);
    painter.drawText(QRect(rect().left(), rect().bottom() - line, rect().width(), line), Qt::AlignCenter, m_words);
}

}  // namespace deadbox::gui
