# formula.rb FORMULA BIN: loads a Homebrew formula, with as much of Homebrew as it uses, and runs its test block against
# the programs in BIN, in this directory.
require "open3"
require "pathname"

class Formula
  class << self
    attr_reader :tested, :told

    def test(&block) = @tested = block
    %i[desc url sha256 license depends_on conflicts_with].each do |word|
      define_method(word) { |*words, **| ((@told ||= {})[word] ||= []).concat(words) }
    end
  end

  def bin = Pathname(ARGV[1])
  def testpath = Pathname(Dir.pwd)

  def shell_output(command, status = 0)
    text, ended = Open3.capture2(command)
    assert_equal status, ended.exitstatus
    text
  end

  def pipe_output(command, input, status = 0)
    text, ended = Open3.capture2(command, stdin_data: input)
    assert_equal status, ended.exitstatus
    text
  end

  def assert_equal(wanted, found)
    abort "#{found.inspect} instead of #{wanted.inspect}" unless wanted == found
  end

  def assert_match(wanted, found)
    abort "no #{wanted.inspect} in #{found.inspect}" unless found.include?(wanted)
  end
end

load ARGV[0]
%i[desc url sha256 license].each { |word| abort "no #{word}" unless Sz.told.key?(word) }
Sz.new.instance_exec(&Sz.tested)
