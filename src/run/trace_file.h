#pragma once

#include <expected>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/side_file.h"
#include "run/descriptor.h"
#include "run/used_files.h"

namespace sz::run {

/// --trace FILE: one JSON document in the Chrome trace-event format ("Trace Event Format", JSON object form),
/// which Perfetto and chrome://tracing open. The document is whole after each append, so it can be read while
/// sz runs, and however sz ends.
class TraceFile {
 public:
  /// Truncates FILE, which must be a regular file, or not be there, and not be used otherwise.
  static std::expected<TraceFile, SystemError> open(const std::string& path, UsedFiles& used);
  TraceFile(TraceFile&& other) noexcept;

  /// Adds events: JSON objects parted by `,\n`, none at the ends. From any thread.
  void append(std::string_view events);
  /// The first fault, once.
  std::optional<SystemError> close();

 private:
  TraceFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  std::mutex mutex_;
  Descriptor file_;
  std::string text_;     // an append in the making
  std::size_t end_ = 0;  // where the next events go
  bool any_ = false;     // events are there
  int error_ = 0;
};

}  // namespace sz::run
