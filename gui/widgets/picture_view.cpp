#include "gui/widgets/picture_view.hpp"

#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {
namespace {

constexpr quint64 k_largest_picture = 64ull << 20;
constexpr int k_blurred_side = 12;

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

PictureView::~PictureView() = default;

void PictureView::show_file(EvidenceBytes* bytes, qint64 inode, quint64 size) {
    m_run.reset();
    m_picture = m_blur = {};
    set_blurred(true);
    if (!bytes) return say(tr("Nothing is chosen."));
    if (size == 0) return say(tr("The file is empty."));
    if (size > k_largest_picture) return say(tr("The file is larger than %1 MiB and is not decoded.").arg(k_largest_picture >> 20));
    say(tr("Reading…"));
    m_run = std::make_unique<PreviewRun>(preview::Kind::picture, bytes, std::vector<PreviewSource>{{inode, static_cast<qint64>(size)}});
    connect(m_run.get(), &PreviewRun::answered, this, &PictureView::take);
    connect(m_run.get(), &PreviewRun::failed, this, &PictureView::say);
    m_run->ask();
}

void PictureView::take(const PreviewAnswer& answer) {
    if (answer.picture.isNull()) return say(tr("The decoder gave no picture."));
    m_picture = answer.picture;
    m_blur = m_picture.scaled(k_blurred_side, k_blurred_side, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
    m_words = tr("%1, %2 × %3 pixels").arg(plain(answer.format)).arg(answer.own_size.width()).arg(answer.own_size.height());
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
