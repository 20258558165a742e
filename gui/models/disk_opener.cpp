#include "gui/models/disk_opener.hpp"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <QFile>
#include <QPointer>
#include <QThreadPool>
#include <QVariantMap>

#include <fcntl.h>

#include <utility>

namespace deadbox::gui {
namespace {

const QString k_service = QStringLiteral("org.freedesktop.UDisks2");
constexpr int k_password_patience_ms = 10 * 60 * 1000;  // somebody looks for a password
constexpr int k_first_number = 10;             // below lie descriptors that programs give a meaning of their own

QDBusMessage call(const QString& object, const char* interface, const char* method, const QVariantList& arguments) {
    auto message = QDBusMessage::createMethodCall(k_service, object, QString::fromLatin1(interface), QString::fromLatin1(method));
    message.setArguments(arguments);
    message.setInteractiveAuthorizationAllowed(true);
    return QDBusConnection::systemBus().call(message, QDBus::Block, k_password_patience_ms);
}

bool is_absent(const QDBusMessage& reply) {
    return reply.type() != QDBusMessage::ReplyMessage && (!QDBusConnection::systemBus().isConnected() || reply.errorName() == QLatin1String("org.freedesktop.DBus.Error.ServiceUnknown") ||
                                                          reply.errorName() == QLatin1String("org.freedesktop.DBus.Error.Disconnected"));
}

base::Result<base::Descriptor> open_directly(const QString& path) {
    auto opened = base::open_evidence(QFile::encodeName(path).toStdString());
    if (!opened)
        return base::fail(opened.error().code, opened.error().what + "; UDisks2, which opens disks for users, does not run here: start udisks2, or run deadbox analyze with the rights to read the disk");
    return opened;
}

}  // namespace

bool is_disk(const QString& path) { return path.startsWith(QLatin1String("/dev/")); }

base::Result<base::Descriptor> open_disk(const QString& path) {
    const QVariantMap none;
    const auto resolved = call(QStringLiteral("/org/freedesktop/UDisks2/Manager"), "org.freedesktop.UDisks2.Manager", "ResolveDevice", {QVariantMap{{QStringLiteral("path"), path}}, none});
    if (is_absent(resolved)) return open_directly(path);
    if (resolved.type() != QDBusMessage::ReplyMessage) return base::fail(base::Errc::denied, "UDisks2: " + resolved.errorMessage().toStdString());
    const auto objects = resolved.arguments().isEmpty() ? QList<QDBusObjectPath>() : qdbus_cast<QList<QDBusObjectPath>>(resolved.arguments().constFirst());
    if (objects.isEmpty()) return base::fail(base::Errc::not_found, "UDisks2 knows no disk " + path.toStdString());
    const auto opened = call(objects.constFirst().path(), "org.freedesktop.UDisks2.Block", "OpenDevice", {QStringLiteral("r"), none});
    if (opened.type() != QDBusMessage::ReplyMessage) return base::fail(base::Errc::denied, "UDisks2 does not open " + path.toStdString() + ": " + opened.errorMessage().toStdString());
    const auto handed = opened.arguments().isEmpty() ? QDBusUnixFileDescriptor() : opened.arguments().constFirst().value<QDBusUnixFileDescriptor>();
    if (!handed.isValid()) return base::fail(base::Errc::internal, "UDisks2 answered without a descriptor");
    if ((::fcntl(handed.fileDescriptor(), F_GETFL) & O_ACCMODE) != O_RDONLY) return base::fail(base::Errc::denied, "UDisks2 opened " + path.toStdString() + " for writing; it is not used");
    base::Descriptor own(::fcntl(handed.fileDescriptor(), F_DUPFD_CLOEXEC, k_first_number));
    if (!own) return base::fail_errno("cannot keep the descriptor of " + path.toStdString(), errno);
    return own;
}

void open_disks(const QStringList& paths, QObject* receiver, std::function<void(base::Result<OpenDisks>)> take) {
    QThreadPool::globalInstance()->start([paths, guard = QPointer<QObject>(receiver), context = QPointer<QObject>(receiver), take = std::move(take)] {
        auto answer = std::make_shared<base::Result<OpenDisks>>(OpenDisks());
        for (const auto& path : paths) {
            if (!is_disk(path)) continue;
            auto opened = open_disk(path);
            if (!opened) {
                *answer = tl::unexpected(opened.error());
                break;
            }
            (**answer)[path] = std::make_shared<const base::Descriptor>(std::move(*opened));
        }
        if (context) QMetaObject::invokeMethod(context.data(), [guard, answer, take] {
            if (guard) take(std::move(*answer));
        }, Qt::QueuedConnection);
    });
}

}  // namespace deadbox::gui
