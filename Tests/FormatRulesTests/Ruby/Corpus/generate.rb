# Makes the gems of this folder, and what Ruby itself has to say of them:
# `ruby generate.rb` in an empty folder, with RubyGems 3.3.
require 'rubygems/package'
ENV['SOURCE_DATE_EPOCH'] = '1577923200'
Dir.mkdir('lib')
File.write('lib/x.rb', "X = 1\n")
[nil, 'java'].each do |platform|
  built = Gem::Specification.new do |s|
    s.name = 'demo-2'
    s.version = '1.0.rc1'
    s.platform = platform if platform
    s.summary = 'A demo ü'
    s.authors = ['Ann', 'Bob: builder', '- dash', '"quoted"', '3']
    s.email = ['a@b']
    s.homepage = 'http://x'
    s.license = 'MIT'
    s.files = ['lib/x.rb']
    s.date = Time.utc(2020, 1, 2)
    s.required_ruby_version = ['>= 2.5', '< 4']
    s.add_dependency 'rack', '~> 2.0', '>= 2.0.1'
    s.add_development_dependency 'rake'
    s.metadata = { 'source_code_uri' => 'http://s' }
    s.description = "multi\nline: text\n\n  indented #{'long ' * 40}"
  end
  Gem::Package.build(built, true)
  next if platform
  spec = Gem::Package.new(built.file_name).spec
  spec.rubygems_version = '3.3.15'
  # One text in two places would be written as a link.
  spec.instance_variable_set(:@new_platform, 'ruby'.dup)
  File.binwrite('demo.marshal', Marshal.dump(spec))
end
