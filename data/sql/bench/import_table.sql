-- import_table: nine columns of text, a number and a shape, nothing else.
CREATE TABLE p (
    dkbm TEXT, dkmc TEXT, syqxz TEXT, dklb TEXT, tdlylx TEXT, dldj TEXT, tdyt TEXT, sfjbnt TEXT, zjrxm TEXT,
    scmj DOUBLE PRECISION, geom geometry (Geometry)
)
