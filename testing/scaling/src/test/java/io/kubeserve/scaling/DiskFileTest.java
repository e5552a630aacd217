package io.kubeserve.scaling;

import static io.kubeserve.testing.MeasuredPage.row;

import io.kubeserve.testing.GeneratedFile;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page's table of disks is what its measured tables make. */
class DiskFileTest {
  private static final double SECONDS_PER_DAY = 86_400;
  private static final double BYTES_PER_GB = 1e9;

  /** https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects: "1-2 bytes". */
  private static final int MOST_BYTES_PUBLISHED = 2;

  /** Prometheus's default. */
  private static final int RETENTION_DAYS = 15;

  @Test
  void table_isSamplesTimesTheirBytes() throws IOException {
    StringBuilder table =
        new StringBuilder(
            row(
                    "| pods | models each | histogram | GB a day | in %d days | a day, by Prometheus's %d bytes |",
                    RETENTION_DAYS, MOST_BYTES_PUBLISHED)
                + "|---|---|---|---|---|---|\n");
    for (List<String> pods : rows("pods")) {
      double perDay = number(pods.get(4)) * SECONDS_PER_DAY / BYTES_PER_GB;
      double measured = perDay * bytesOfASample(pods.get(2));
      table.append(
          row(
              "| %s | %s | %s | %.2f | %.1f | %.2f |",
              pods.get(0),
              pods.get(1),
              pods.get(2),
              measured,
              RETENTION_DAYS * measured,
              MOST_BYTES_PUBLISHED * perDay));
    }
    GeneratedFile.check(
        SeriesFileTest.PAGE.file(), SeriesFileTest.PAGE.with("cost", table.toString()));
  }

  private static double bytesOfASample(String histogram) throws IOException {
    return rows("disk").stream()
        .filter(row -> row.get(0).equals(histogram))
        .mapToDouble(row -> number(row.get(3)))
        .findFirst()
        .orElseThrow();
  }

  /** The cells of a measured table, without its header. */
  private static List<List<String>> rows(String block) throws IOException {
    return SeriesFileTest.PAGE
        .block(block)
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }

  private static double number(String cell) {
    return Double.parseDouble(cell.replace(",", ""));
  }
}
