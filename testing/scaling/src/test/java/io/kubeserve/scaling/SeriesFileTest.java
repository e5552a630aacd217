package io.kubeserve.scaling;

import static io.kubeserve.testing.MeasuredPage.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.MeasuredPage;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The series that the page counts are those of a scrape. */
class SeriesFileTest {
  static final MeasuredPage PAGE = new MeasuredPage(ProjectFiles.of("docs/scaling.md"));

  @Test
  void table_countsTheSeriesOfAScrape() throws IOException {
    GeneratedFile.check(PAGE.file(), PAGE.with("series", table()));
  }

  @Test
  void series_ofSeveralModels_areAMultipleOfOnes() {
    Size first = Size.of(Shape.BARE).minus(Size.of(Shape.BARE.withModels(0)));
    Size hundred = Size.of(Shape.BARE.withModels(100)).minus(Size.of(Shape.BARE.withModels(0)));

    assertThat(hundred.series()).isEqualTo(100 * first.series());
  }

  @Test
  void text_withANativeHistogram_hasTheSeriesOfTheClassic() {
    assertThat(Size.of(Shape.BARE.withNativeHistogram()).series())
        .isEqualTo(Size.of(Shape.BARE).series());
  }

  private static String table() {
    Size none = Size.of(Shape.BARE.withModels(0));
    Size one = Size.of(Shape.BARE);
    StringBuilder rows = new StringBuilder("| what | series | bytes |\n|---|---|---|\n");
    rows.append(line("a server, once, with its HTTP metrics", none));
    rows.append(line("each model", Size.of(Shape.BARE.withModels(2)).minus(one)));
    for (Feature feature : Feature.values()) {
      rows.append(line("… with " + feature.title(), more(Shape.BARE.with(feature))));
    }
    Size route = Size.of(Shape.BARE.withRoutes(2)).minus(Size.of(Shape.BARE.withRoutes(1)));
    rows.append(line("each route, with one method and one class of status", route));
    return rows.toString();
  }

  /** What it adds to each model after the first, which the lines of HELP and TYPE come with. */
  private static Size more(Shape shape) {
    Size with = Size.of(shape.withModels(2)).minus(Size.of(shape));
    return with.minus(Size.of(Shape.BARE.withModels(2)).minus(Size.of(Shape.BARE)));
  }

  private static String line(String what, Size size) {
    return row("| %s | %d | %,d |", what, size.series(), size.bytes());
  }
}
