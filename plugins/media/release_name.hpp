// How much a name is that of a release: what groups that copy films, series, music and programs call their goods.
//
//   scene      Title.Words.2016.S01E02.PROPER.1080p.WEB-DL.DD5.1.H264-GROUP      dots or underscores, tags, -GROUP
//   music      Artist-Title-(CAT001)-WEB-2019-GROUP
//   program    Name.v1.2.3.Incl.Keygen-GROUP
//   peer       Title (2016) (1080p BluRay x265 HEVC 10bit AAC 5.1 Name), [Group] Title - 07 [1080p][AAC]
#pragma once

#include <string_view>

namespace deadbox::plugins::media {

struct ReleaseName {
    int tags = 0;          // words of the release vocabulary, each kind counted once
    bool resolution = false, source = false, codec = false, sound = false, crack = false, note = false, music = false;
    bool year = false, episode = false;
    bool group = false;    // "-GROUP" at the end
    bool dotted = false;   // words are parted by dots or underscores, not by blanks
    bool hyphened = false; // ... by hyphens, as music is
    bool scene() const;    // the scene's own form
    bool release() const;  // that, or enough words of it in any form
};

// Of one path component, with or without an extension; raw bytes, any length (512 bytes are looked at).
ReleaseName release_name(std::string_view name);

}  // namespace deadbox::plugins::media
