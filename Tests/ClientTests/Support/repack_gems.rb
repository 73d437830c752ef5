# Builds real gems again from what Debian unpacked: `ruby repack_gems.rb FOLDER [NAME…]`; without
# names Rails with all that it needs, and Sinatra. What Debian keeps elsewhere, such as what is
# compiled, becomes a gem without files, with dependencies as they are.
require 'rubygems/package'
root = '/usr/share/rubygems-integration/all'
specifications = '/usr/{{share,lib/*}/rubygems-integration,lib/ruby/gems}/*/specifications'
out = File.expand_path(ARGV.shift)
Dir.mkdir(out) unless Dir.exist?(out)
rails = %w[
  rails actioncable actionmailbox actionmailer actionpack actiontext actionview activejob
  activemodel activerecord activestorage activesupport builder concurrent-ruby crass erubi globalid
  i18n loofah mail marcel method_source mini_mime mini_portile2 net-imap net-pop net-smtp nio4r
  nokogiri racc rack rack-test rails-dom-testing rails-html-sanitizer railties rake sprockets
  sprockets-rails thor tzinfo websocket-driver websocket-extensions zeitwerk
  sinatra mustermann rack-protection ruby2_keywords
]
(ARGV.empty? ? rails : ARGV).each do |name|
  spec = Gem::Specification.load(Dir["#{specifications}/#{name}-[0-9]*.gemspec"].min)
  folder = "#{root}/gems/#{spec.full_name}"
  Dir.chdir(Dir.exist?(folder) ? folder : out) do
    spec.files = Dir.exist?(folder) ? Dir['**/*'].select { |path| File.file?(path) } : []
    spec.executables = []
    spec.extensions = []
    spec.cert_chain = []
    spec.signing_key = nil
    spec.test_files = []
    spec.extra_rdoc_files = []
    spec.dependencies.reject! { |needed| needed.name == 'minitest' || needed.name == 'tilt' }
    spec.platform = Gem::Platform::RUBY
    Gem::Package.build(spec, true, false, File.join(out, spec.file_name))
  end
end
