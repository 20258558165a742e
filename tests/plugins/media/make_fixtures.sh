#!/bin/sh
# Makes the small encodings beside this script again, with ffmpeg: two seconds of a test picture and of a tone.
set -eu
cd "$(dirname "$0")/fixtures"
tags='-metadata title=Tïtle -metadata artist=Artist -metadata album=Album -fflags +bitexact -flags:v +bitexact -flags:a +bitexact'
film() { out=$1; shift; ffmpeg -nostdin -y -loglevel error -f lavfi -i testsrc=d=2:s=64x48:r=10 -f lavfi -i sine=d=2:r=44100 -shortest "$@" -b:a 32k $tags "$out"; }
tone() { out=$1; shift; ffmpeg -nostdin -y -loglevel error -f lavfi -i sine=d=2:r=44100 "$@" $tags "$out"; }
film film.mp4 -c:v libx264 -crf 40 -c:a aac
film film.mov -c:v libx264 -crf 40 -c:a aac
film film.mkv -c:v libx264 -crf 40 -c:a aac
film film.webm -c:v libvpx -b:v 20k -c:a libvorbis
film film.avi -c:v mpeg4 -vtag XVID -q:v 31 -ar 22050 -c:a libmp3lame
film film.wmv -c:v wmv2 -q:v 31 -c:a wmav2
film film.flv -c:v flv1 -q:v 31 -c:a libmp3lame
film film.mpg -c:v mpeg2video -r 25 -q:v 31 -c:a mp2
film film.ogv -c:v libtheora -q:v 0 -c:a libvorbis
film film.3gp -s 176x144 -c:v h263 -q:v 31 -c:a aac
tone tone.mp3 -c:a libmp3lame -b:a 32k -id3v2_version 3
tone tone-old.mp3 -c:a libmp3lame -b:a 32k -id3v2_version 0 -write_id3v1 1 -write_xing 0
tone tone.flac -ac 1 -ar 16000
tone tone.ogg -c:a libvorbis -q:a 0
tone tone.opus -c:a libopus -b:a 16k
tone tone.m4a -c:a aac -b:a 32k
tone tone.wma -c:a wmav2 -b:a 32k
tone tone.wav -ar 8000 -c:a pcm_u8
tone tone.aiff -ar 8000 -c:a pcm_s8
