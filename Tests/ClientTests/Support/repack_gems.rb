# Builds real gems again from what Debian unpacked: `ruby repack_gems.rb FOLDER NAME…`.
require 'rubygems/package'
root = '/usr/share/rubygems-integration/all'
out = File.expand_path(ARGV.shift)
Dir.mkdir(out) unless Dir.exist?(out)
ARGV.each do |name|
  spec = Gem::Specification.load(Dir["#{root}/specifications/#{name}-[0-9]*.gemspec"].min)
  Dir.chdir("#{root}/gems/#{spec.full_name}") do
    spec.files = Dir['**/*'].select { |path| File.file?(path) }
    spec.executables = []
    spec.extensions = []
    spec.cert_chain = []
    spec.signing_key = nil
    spec.test_files = []
    spec.extra_rdoc_files = []
    spec.dependencies.reject! { |needed| needed.name == 'minitest' || needed.name == 'tilt' }
    Gem::Package.build(spec, true, false, File.join(out, spec.file_name))
  end
end
