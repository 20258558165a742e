#include "image/tsk/tsk_image.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

namespace deadbox::image {

std::unique_ptr<TskImage> TskImage::make(std::shared_ptr<const base::ByteSource> bytes) {
    std::unique_ptr<TskImage> image(new TskImage);
    image->m_external = static_cast<External*>(std::calloc(1, sizeof(External)));
    if (image->m_external == nullptr) return nullptr;
    image->m_bytes = std::move(bytes);
    image->m_external->bytes = image->m_bytes.get();
    // As tsk_img_open_external() does it, which would link every image format of libtsk's.
    auto& info = image->m_external->info;
    info.tag = TSK_IMG_INFO_TAG;
    info.itype = TSK_IMG_TYPE_EXTERNAL;
    info.size = static_cast<TSK_OFF_T>(std::min<std::uint64_t>(image->m_bytes->size(), INT64_MAX));
    info.sector_size = 512;
    info.read = &TskImage::read;
    info.close = [](TSK_IMG_INFO*) {};
    info.imgstat = [](TSK_IMG_INFO*, FILE*) {};
    ::pthread_mutex_init(&info.cache_lock.mutex, nullptr);
    return image;
}

TskImage::~TskImage() {
    if (m_external == nullptr) return;
    ::pthread_mutex_destroy(&m_external->info.cache_lock.mutex);
    std::free(m_external);
}

// A negative offset or size reaches this callback from damaged structures: it must not become a huge one.
ssize_t TskImage::read(TSK_IMG_INFO* info, TSK_OFF_T offset, char* out, std::size_t length) {
    auto* external = reinterpret_cast<External*>(info);
    if (offset < 0 || length > static_cast<std::size_t>(SSIZE_MAX) || external->reads_left == 0) {
        tsk_error_reset();
        tsk_error_set_errno(external->reads_left == 0 ? TSK_ERR_IMG_READ : TSK_ERR_IMG_READ_OFF);
        return -1;
    }
    --external->reads_left;
    const auto got = external->bytes->read_at(static_cast<std::uint64_t>(offset), base::Bytes(reinterpret_cast<std::byte*>(out), length));
    if (got) return static_cast<ssize_t>(*got);
    tsk_error_reset();
    tsk_error_set_errno(TSK_ERR_IMG_READ);
    return -1;
}

std::string tsk_message(const char* what) {
    const char* said = tsk_error_get();
    std::string text = what;
    if (said != nullptr) text += std::string(": ") + said;
    tsk_error_reset();
    return text;
}

}  // namespace deadbox::image
