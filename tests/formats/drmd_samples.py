def sample_xml(kind):
    import random
    from pathlib import Path
    import tempfile
    from tests.proofs.schema_documents import Maker, load_grammar
    from jialiang.formats.drmd.names import ROOT
    from lxml import etree
    return etree.tostring(Maker(load_grammar(Path("/work/shared/data/dcoc/drmd/drmd.xsd"), Path(tempfile.mkdtemp())), random.Random(5)).document(ROOT))
