# `make dist` fills in @URL@ and @SHA256@ and puts the result beside the tarball as build/dist/sz.rb. The address is that
# tarball's own, file:///..., unless one is named: URL=https://HOST/PATH make dist.
#
#   brew install --build-from-source build/dist/sz.rb
#   brew test sz
class Sz < Formula
  desc "Filter, reshape, batch and pace streams of JSON records"
  url "@URL@/sz-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "boost" => :build
  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "fmt"
  depends_on "re2"
  depends_on "simdjson"
  depends_on "xxhash"

  conflicts_with "lrzsz", because: "both install `sz` binaries"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DSZ_TESTS=OFF", "-DSZ_WERROR=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    (testpath/"app.ndjson").write <<~NDJSON
      {"level":"error","n":1}
      {"level":"info","n":2}
      oops
      {"level":"error","n":3}
    NDJSON
    # One line is no JSON: it goes to the dead letters, and the exit status says that something failed.
    batches = shell_output("#{bin}/sz --dlq dead.ndjson filter '.level == \"error\"' then batch --size 2 <app.ndjson", 1)
    assert_equal "[{\"level\":\"error\",\"n\":1},{\"level\":\"error\",\"n\":3}]\n", batches
    assert_equal "[3,\"parse\",\"oops\"]\n", shell_output("#{bin}/sz map '[.line, .kind, .original]' <dead.ndjson")
    assert_equal "oops\n", shell_output("#{bin}/sz replay dead.ndjson")
    # Timed stages run on the time inside the records.
    timed = pipe_output("#{bin}/sz --time .t batch --every 1m", "{\"t\":0}\n{\"t\":59}\n{\"t\":60}\n", 0)
    assert_equal "[{\"t\":0},{\"t\":59}]\n[{\"t\":60}]\n", timed
    # A usage error is found before any input is read.
    assert_match "did you mean", shell_output("#{bin}/sz fliter . 2>&1 </dev/null", 2)
  end
end
