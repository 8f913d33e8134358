#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/side_file.h"
#include "run/drain.h"
#include "run/file_trees.h"
#include "run/used_files.h"

namespace sz::run {

/// The files that stages write beside stdout, those whose names come of records too, and stderr for stages.
/// Each is buffered and written when its buffer fills and at flush(), waiting where it must, as long as the
/// run's Drain lets it. The first fault of each stops that file; faults are handed out once. Called from one
/// thread; outlives the stages.
class FileSet final : public SideFiles {
 public:
  /// `used` and `drain` outlive the set. `error` is stderr's descriptor; `before_error` is called before
  /// anything is written there.
  FileSet(UsedFiles& used, Drain& drain, int error, std::function<void()> before_error = {});
  ~FileSet() override;

  /// Opening a FIFO waits for its reader, so it is done before signals are caught.
  std::expected<SideFile*, SystemError> open(const std::string& path, bool append) override;
  std::expected<SideTree*, SystemError> open_tree(const std::string& directory, bool append,
                                                  std::uint64_t most_files) override;
  SideFile* standard_error() override;
  std::expected<std::string, SystemError> find_program(const std::string& name) override;

  /// Writes out what is buffered. The first fault since the last call, if any.
  std::optional<SystemError> flush();
  /// A fault waits to be taken by flush().
  bool broken() const;
  /// The same, and closes them: for the end of the run, since a close can fail too.
  std::optional<SystemError> close();

 private:
  class File;
  std::optional<SystemError> each(void (File::*bring_out)());

  UsedFiles& used_;
  Drain& drain_;
  std::deque<std::unique_ptr<File>> files_;
  std::unique_ptr<File> error_;
  FileTrees trees_;
};

}  // namespace sz::run
