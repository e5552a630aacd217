package io.kubeserve.docs;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * A page of Markdown, and what it points at.
 *
 * @param file where it is
 * @param anchors of its headings, as GitHub makes them
 * @param links where its links and images lead
 * @param codes what its text sets as code
 * @param commands its fenced blocks of shell
 * @param sources its fenced blocks of Java and Kotlin
 */
record Page(
    Path file,
    List<String> anchors,
    List<String> links,
    List<String> codes,
    List<String> commands,
    List<String> sources) {
  static final Path PROJECT = ProjectFiles.root();

  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();
  private static final TextContentRenderer TEXT = TextContentRenderer.builder().build();
  private static final Set<String> SHELLS = Set.of("bash", "sh", "shell", "console");
  private static final Set<String> LANGUAGES = Set.of("java", "kotlin");

  /** Every page of the project. */
  static List<Page> all() {
    return ProjectFiles.endingWith(".md").map(Page::read).toList();
  }

  static Page read(Path file) {
    try {
      Page page =
          new Page(
              file,
              new ArrayList<>(),
              new ArrayList<>(),
              new ArrayList<>(),
              new ArrayList<>(),
              new ArrayList<>());
      PARSER.parse(Files.readString(file)).accept(page.new Collector());
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return PROJECT.relativize(file).toString();
  }

  /** A path as it stands in this page. */
  Path resolve(String path) {
    return file.resolveSibling(path).normalize();
  }

  private final class Collector extends AbstractVisitor {
    private final IdGenerator ids = IdGenerator.builder().build();

    @Override
    public void visit(Heading heading) {
      anchors.add(ids.generateId(TEXT.render(heading).strip()));
      visitChildren(heading);
    }

    @Override
    public void visit(Link link) {
      links.add(link.getDestination());
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      links.add(image.getDestination());
    }

    @Override
    public void visit(Code code) {
      codes.add(code.getLiteral());
    }

    @Override
    public void visit(FencedCodeBlock block) {
      if (SHELLS.contains(block.getInfo())) {
        commands.add(block.getLiteral());
      }
      if (LANGUAGES.contains(block.getInfo())) {
        sources.add(block.getLiteral());
      }
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
