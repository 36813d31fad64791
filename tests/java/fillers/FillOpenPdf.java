import com.lowagie.text.pdf.AcroFields;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfStamper;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Fills a form by OpenPDF, which lives on from iText 4. Words and output as FillPdfBox has them. */
class FillOpenPdf {
  public static void main(String[] words) throws Exception {
    PdfReader reader = new PdfReader(words[0]);
    try (FileOutputStream out = new FileOutputStream(words[1])) {
      PdfStamper stamper = new PdfStamper(reader, out);
      AcroFields form = stamper.getAcroFields();
      form.setGenerateAppearances(false);
      for (String line : Files.readAllLines(Path.of(words[2]))) {
        String name = decoded(line.split("\t", -1)[0]);
        try {
          if (!form.setField(name, decoded(line.split("\t", -1)[1]))) throw new IllegalStateException("setField gave false");
        } catch (RuntimeException error) {
          System.out.println(encoded(name) + "\t" + encoded(String.valueOf(error.getMessage())));
        }
      }
      stamper.close();
    }
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
