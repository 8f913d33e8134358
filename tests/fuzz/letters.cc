#include <string>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "run/letter_reader.h"

// A dead-letter file: every line is a letter, torn or foreign; reading comes to its end.

using namespace sz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int fd = memfd_create("letters", MFD_CLOEXEC);
  fuzz::require(fd >= 0);
  fuzz::require(write(fd, data, size) == static_cast<ssize_t>(size));
  auto reader = run::LetterReader::open(fmt::format("/proc/self/fd/{}", fd));
  close(fd);
  if (!reader) return 0;
  run::ReadLetter letter;
  std::string scratch;
  while (reader->next(letter))
    if (letter.original) fuzz::require(letter.original->string(scratch).size() <= size * 3);
  return 0;
}
